import sharp from 'sharp';
import { expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { fetchBytes, Gallery } from './support/gallery';
import { type FormFields, formOf, picture, png, sendForm, sendWithoutEnd } from './support/pictures';
import { UNKNOWN_ID } from './support/routes';
import { Shop } from './support/shop';

const MAX_BYTES = 10_000_000;

describe('uploading an image', () => {
  let shop: Shop;
  let gallery: Gallery;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    gallery = await Gallery.open(shop);
  });

  afterAll(() => shop.close());

  describe('an upload', () => {
    it('gives three sizes, none enlarged, at addresses that work', async () => {
      const file = await picture(2000, 1000).jpeg().toBuffer();
      const { status, body, headers } = await gallery.upload({ file, alt: ' A mug ' });
      expect(status).toBe(201);
      const base = `${shop.api.origin.replace('127.0.0.1', 'localhost')}/api/images/${body.id}`;
      const sizes = {
        small: `${base}/small.webp`,
        medium: `${base}/medium.webp`,
        large: `${base}/large.webp`,
      };
      expect(body).toEqual({ id: body.id, alt: 'A mug', position: 0, url: sizes.large, sizes });
      expect(headers.get('location')).toBe(`/api/products/${gallery.productId}/images/${body.id}`);
      expect(headers.get('etag')).toBeNull();
      for (const [url, width, height] of [
        [sizes.small, 320, 160],
        [sizes.medium, 800, 400],
        [sizes.large, 1600, 800],
      ] as const) {
        expect(await sharp(await fetchBytes(url)).metadata()).toMatchObject({
          format: 'webp',
          width,
          height,
        });
      }
    });

    it('of something small stays as small', async () => {
      const { sizes } = await gallery.add();
      for (const url of Object.values<string>(sizes))
        expect(await sharp(await fetchBytes(url)).metadata()).toMatchObject({ width: 60, height: 40 });
    });

    it('keeps the size of the original, held upright', async () => {
      const { id } = await gallery.add({
        file: await picture(90, 30).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
      });
      expect(await shop.query('SELECT width, height FROM product_images WHERE id = $1', [id])).toEqual([
        { width: 30, height: 90 },
      ]);
    });

    it.each(['jpeg', 'png', 'webp'] as const)(
      'is a %s by its content, whatever it claims to be',
      async (format) => {
        const file = await picture().toFormat(format).toBuffer();
        const { status } = await gallery.send(
          formOf({ file }, { name: '../../etc/passwd.txt', type: 'text/plain' }),
        );
        expect(status).toBe(201);
      },
    );

    it('is turned upright, and loses where and with what it was taken', async () => {
      const file = await picture(80, 40)
        .jpeg()
        .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
        .withMetadata({ orientation: 6 })
        .toBuffer();
      const tagged = await sharp(file)
        .withExifMerge({ IFD0: { Copyright: 'Ann' } })
        .toBuffer();
      for (const bytes of [file, tagged]) expect((await sharp(bytes).metadata()).exif).toBeDefined();
      for (const url of Object.values<string>((await gallery.add({ file })).sizes)) {
        const found = await sharp(await fetchBytes(url)).metadata();
        expect(found).toMatchObject({ width: 40, height: 80 });
        expect([found.exif, found.icc, found.xmp, found.iptc, found.orientation]).toEqual(
          Array.from({ length: 5 }, () => undefined),
        );
      }
    });

    it('of another colour space is shown in sRGB', async () => {
      const red = picture(20, 20, { background: { r: 255, g: 0, b: 0 } });
      const { url } = await gallery.add({ file: await red.withIccProfile('p3').png().toBuffer() });
      const bytes = await fetchBytes(url);
      expect(await sharp(bytes).metadata()).toMatchObject({ space: 'srgb' });
      const [r = 0, g = 255] = await sharp(bytes).raw().toBuffer();
      expect(r).toBeGreaterThan(240);
      expect(g).toBeLessThan(20);
    });

    it('of something animated shows its first frame', async () => {
      const frames = await Promise.all(
        ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
          picture(30, 20, { background }).png().toBuffer(),
        ),
      );
      const file = await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer();
      expect((await sharp(file).metadata()).pages).toBe(3);
      const bytes = await fetchBytes((await gallery.add({ file })).url);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: 30, height: 20 });
      expect((await sharp(bytes).metadata()).pages).toBeUndefined();
      expect((await sharp(bytes).raw().toBuffer())[0]).toBeGreaterThan(200);
    });

    it('keeps what is transparent', async () => {
      const clear = { channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } as const;
      const { url } = await gallery.add({ file: await picture(20, 20, clear).png().toBuffer() });
      expect(await sharp(await fetchBytes(url)).metadata()).toMatchObject({ hasAlpha: true });
    });

    it.each<[string, () => Promise<Buffer>]>([
      ['text', async () => Buffer.from('hello')],
      ['nothing', async () => Buffer.alloc(0)],
      ['a GIF', () => picture().gif().toBuffer()],
      ['a TIFF', () => picture().tiff().toBuffer()],
      ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
      ['an SVG behind the start of a JPEG', async () => Buffer.from('\xff\xd8\xff<svg/>', 'latin1')],
      ['half a JPEG', async () => half(await noise().jpeg().toBuffer())],
      ['half a PNG', async () => half(await noise().png().toBuffer())],
      ['half a WebP', async () => half(await noise().webp().toBuffer())],
      ['a PNG with damage inside', async () => damaged(await noise().png().toBuffer())],
      ['the first bytes of a PNG', async () => (await png()).subarray(0, 12)],
    ])('of %s is refused', async (_, make) => {
      expectProblem(await gallery.upload({ file: await make() }), 415, 'unsupported_media_type');
      expect(await gallery.product()).toMatchObject({ images: [], version: 1 });
    });

    it('of more than 50 million pixels is refused', async () => {
      const answer = await gallery.upload({ file: await picture(7_100, 7_100).png().toBuffer() });
      expectProblem(answer, 422, 'validation_failed');
      expect(answer.body.errors).toEqual([
        { field: 'file', code: 'too_many_pixels', message: expect.any(String) },
      ]);
    });

    it('of just 10 MB is taken, of a byte more is not', async () => {
      const image = await picture().jpeg().toBuffer();
      const padded = (bytes: number): Buffer => Buffer.concat([image, Buffer.alloc(bytes - image.length)]);
      expect((await gallery.upload({ file: padded(MAX_BYTES) })).status).toBe(201);
      expectProblem(await gallery.upload({ file: padded(MAX_BYTES + 1) }), 413, 'body_too_large');
      expectProblem(await gallery.upload({ file: padded(MAX_BYTES * 2) }), 413, 'body_too_large');
      expect((await gallery.product()).images).toHaveLength(1);
    });

    it.each([
      ['that has no end', {}],
      ['that says how far away its end is', { 'Content-Length': '50000000000' }],
    ])('%s is not read to it', async (_, length) => {
      const url = `${shop.api.origin}/api/products/${gallery.productId}/images`;
      const { status, sent } = await sendWithoutEnd(url, { ...gallery.headers, ...length });
      expect(status).toBe(413);
      expect(sent).toBeLessThan(10 * MAX_BYTES);
    });
  });

  describe('a form', () => {
    const parts = (...lines: string[]): [string, Record<string, string>] => [
      [...lines.flatMap((line) => ['--x', line]), '--x--', ''].join('\r\n'),
      { 'Content-Type': 'multipart/form-data; boundary=x' },
    ];

    it.each<[string, string, () => Promise<FormFields>]>([
      ['without a file', 'file', async () => ({ alt: 'x' })],
      ['with text for a file', 'file', async () => ({ file: 'text' })],
      ['with two files', 'file', async () => ({ file: [await png(), await png(1)] })],
      ['with a file too many', 'other', async () => ({ file: await png(), other: await png(1) })],
      ['with an unknown field', 'colour', async () => ({ file: await png(), colour: 'red' })],
      ['with an inherited name', '__proto__', async () => ({ file: await png(), ['__proto__']: 'x' })],
      ['with a list', 'alt[]', async () => ({ file: await png(), 'alt[]': 'x' })],
      ['with a structure', 'alt[a]', async () => ({ file: await png(), 'alt[a]': 'x' })],
      ['with a repeated field', 'alt', async () => ({ file: await png(), alt: ['x', 'x'] })],
      ['with too long a text', 'alt', async () => ({ file: await png(), alt: 'x'.repeat(301) })],
      ['with far too long a text', 'alt', async () => ({ file: await png(), alt: 'x'.repeat(50_000) })],
      ['with a NUL byte', 'alt', async () => ({ file: await png(), alt: 'a\0b' })],
      ['with no number for a place', 'position', async () => ({ file: await png(), position: 'first' })],
      ['with a place in hexadecimal', 'position', async () => ({ file: await png(), position: '0x1' })],
      ['with half a place', 'position', async () => ({ file: await png(), position: '1.5' })],
      ['with a place before the first', 'position', async () => ({ file: await png(), position: '-1' })],
      ['with no place', 'position', async () => ({ file: await png(), position: '' })],
    ])('%s is refused', async (_, field, fields) => {
      const form = await fields();
      expectInvalid(await gallery.send(formOf(form)), field);
      expect((await gallery.product()).version).toBe(1);
    });

    it('with text that is not UTF-8 is refused', async () => {
      const [head, tail] = [
        '--x\r\nContent-Disposition: form-data; name="alt"\r\n\r\n',
        '\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--x--\r\n',
      ];
      const body = Buffer.concat([Buffer.from(head), Buffer.from([0xe9]), Buffer.from(tail)]);
      const type = { 'Content-Type': 'multipart/form-data; boundary=x' };
      expectInvalid(await gallery.send(Uint8Array.from(body), type), 'alt');
    });

    it('that ends early, or is none, is refused', async () => {
      const [whole, type] = parts('Content-Disposition: form-data; name="file"; filename="a"\r\n\r\nx');
      expectProblem(await gallery.send(whole.replace('--x--', ''), type), 400, 'malformed_request');
      expectProblem(await gallery.send('nonsense', type), 400, 'malformed_request');
      expectProblem(
        await gallery.send(whole, { 'Content-Type': 'multipart/form-data' }),
        400,
        'malformed_request',
      );
      expectProblem(await gallery.send(parts('a: b: c')[0], type), 400, 'malformed_request');
      expectProblem(await gallery.send(formOf({ 'a\0b': 'x' })), 400, 'malformed_request');
      const many = Array.from(
        { length: 300 },
        (_, n) => `Content-Disposition: form-data; name="f${n}"\r\n\r\nx`,
      );
      expectProblem(await gallery.send(...parts(...many)), 400, 'malformed_request');
    });

    it.each([
      ['JSON', '{"alt":"x"}', { 'Content-Type': 'application/json' }],
      ['a form of another kind', 'alt=x', { 'Content-Type': 'application/x-www-form-urlencoded' }],
      ['parts of another kind', '--x--', { 'Content-Type': 'multipart/mixed; boundary=x' }],
      ['the bare image', new Uint8Array([0xff, 0xd8, 0xff]), { 'Content-Type': 'image/jpeg' }],
      [
        'a compressed form',
        '--x--',
        { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Encoding': 'gzip' },
      ],
    ])('is due: %s is refused', async (_, body, type) => {
      expectProblem(await gallery.send(body, type), 415, 'unsupported_media_type');
    });

    it('is read only for those who may send it', async () => {
      const form = formOf({ file: await png() });
      const customer = await shop.customer();
      const as = (token: string): Promise<Answer<Json>> =>
        gallery.send(form, { Authorization: `Bearer ${token}` });
      expectProblem(await as(customer.accessToken), 403, 'forbidden');
      const none = await sendForm(shop.api, `/products/${gallery.productId}/images`, form, {});
      expectProblem(none, 401, 'unauthenticated');
    });

    it('for no product is refused', async () => {
      const form = formOf({ file: await png() });
      expectProblem(await gallery.send(form, {}, UNKNOWN_ID), 404, 'not_found');
      expectProblem(await gallery.send(form, {}, 'mug'), 400, 'malformed_id');
      await shop.editor.api.delete(`/products/${gallery.productId}`);
      expectProblem(await gallery.send(form), 404, 'not_found');
    });
  });
});

function noise(): sharp.Sharp {
  return picture(200, 200, { noise: { type: 'gaussian', mean: 128, sigma: 40 } });
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2);
}

function damaged(bytes: Buffer): Buffer {
  const middle = Math.floor(bytes.length / 2);
  return Buffer.from(bytes).fill(0, middle, middle + 100);
}
