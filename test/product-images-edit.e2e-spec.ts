import { randomBytes } from 'node:crypto';
import { atOnce, expectInvalid, expectProblem, tally } from './support/answers';
import type { Json } from './support/api-client';
import { Gallery, imageFiles } from './support/gallery';
import { png } from './support/pictures';
import { UNKNOWN_ID } from './support/routes';
import { Shop } from './support/shop';

describe('the images of a product', () => {
  let shop: Shop;
  let gallery: Gallery;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    gallery = await Gallery.open(shop);
  });

  afterAll(() => shop.close());

  describe('their order', () => {
    const addAll = async (...names: string[]): Promise<Json[]> => {
      const images: Json[] = [];
      for (const alt of names) images.push(await gallery.add({ alt }));
      return images;
    };

    it('is that of their coming, unless a place is given', async () => {
      await addAll('a', 'b');
      expect(await gallery.add({ alt: 'c', position: '0' })).toMatchObject({ position: 0 });
      expect(await gallery.add({ alt: 'd', position: '2' })).toMatchObject({ position: 2 });
      expect(await gallery.add({ alt: 'e', position: '99' })).toMatchObject({ position: 4 });
      expect(await gallery.order()).toEqual(['0 c', '1 a', '2 d', '3 b', '4 e']);
    });

    it('changes when one is moved, and closes up when one goes', async () => {
      const [a, b, , d] = await addAll('a', 'b', 'c', 'd');
      const moved = await shop.editor.api.patch(gallery.at(d), { position: 0 });
      expect([moved.status, moved.body]).toEqual([200, { ...d, position: 0 }]);
      expect(await gallery.order()).toEqual(['0 d', '1 a', '2 b', '3 c']);
      expect((await shop.editor.api.patch(gallery.at(a), { position: 1_000_000 })).body.position).toBe(3);
      expect(await gallery.order()).toEqual(['0 d', '1 b', '2 c', '3 a']);
      expect((await shop.editor.api.delete(gallery.at(b))).status).toBe(204);
      expect(await gallery.order()).toEqual(['0 d', '1 c', '2 a']);
    });

    it('is kept by uploads, moves and deletions at the same time', async () => {
      const images = await addAll('a', 'b', 'c');
      const file = await png();
      const answers = await Promise.all([
        ...Array.from({ length: 8 }, (_, n) => gallery.upload({ file, position: String(n % 3) })),
        ...images.map((image, n) => shop.editor.api.patch(gallery.at(image), { position: 2 - n })),
      ]);
      expect(tally(answers)).toEqual({ 201: 8, 200: 3 });
      const found = (await gallery.product()).images.map(({ position }: Json) => position);
      expect(found).toEqual(Array.from({ length: 11 }, (_, n) => n));
    });

    it('holds at most 20, also when more come at once', async () => {
      const file = await png();
      const answers = await atOnce(24, () => gallery.upload({ file }));
      expect(tally(answers)).toEqual({ 201: 20, '422 validation_failed': 4 });
      const refused = answers.find(({ status }) => status === 422);
      expect(refused?.body.errors[0]).toMatchObject({ field: 'file', code: 'too_many_images' });
      const { images } = await gallery.product();
      expect(images.map(({ position }: Json) => position)).toEqual(Array.from({ length: 20 }, (_, n) => n));
      const stored = await shop.query('SELECT id FROM product_images');
      expect(imageFiles(shop).filter((name) => name.endsWith('large.webp'))).toHaveLength(stored.length);
    });
  });

  describe('a change', () => {
    let image: Json;
    let at: string;

    beforeEach(async () => {
      image = await gallery.add({ alt: 'A mug' });
      at = gallery.at(image);
    });

    it('of the text is kept, and null takes it away', async () => {
      expect((await shop.editor.api.patch(at, { alt: ' Two mugs ' })).body).toEqual({
        ...image,
        alt: 'Two mugs',
      });
      expect((await shop.editor.api.patch(at, { alt: null })).body.alt).toBeNull();
      expect((await shop.editor.api.patch(at, { alt: 'x'.repeat(300) })).status).toBe(200);
      expect((await shop.editor.api.patch(at, { alt: '  ' })).body.alt).toBeNull();
    });

    it.each([
      ['alt', { alt: 'x'.repeat(301) }],
      ['alt', { alt: 5 }],
      ['position', { position: -1 }],
      ['position', { position: '1' }],
      ['position', { position: 1.5 }],
      ['position', { position: null }],
      ['url', { url: 'https://x.example' }],
    ])('of a bad %s is refused', async (field, body) => {
      expectInvalid(await shop.editor.api.patch(at, body), field);
    });

    it('raises the version of the product, and none that changes nothing does', async () => {
      const before = await gallery.product();
      expect((await shop.editor.api.patch(at, { alt: 'A mug', position: 0 })).body).toEqual(image);
      expect((await shop.editor.api.patch(at, {})).status).toBe(200);
      expect(await gallery.product()).toEqual(before);
      await shop.editor.api.patch(at, { alt: 'B' });
      const after = await gallery.product();
      expect(after.version).toBe(before.version + 1);
      expect(after.updatedAt > before.updatedAt).toBe(true);
      await shop.editor.api.delete(at);
      expect((await gallery.product()).version).toBe(before.version + 2);
    });

    it('is refused to who has seen an older product, and changes nothing', async () => {
      const stale = { 'If-Match': '"1"' };
      const file = await png();
      for (const answer of [
        await gallery.upload({ file }, stale),
        await shop.editor.api.patch(at, { alt: 'B' }, stale),
        await shop.editor.api.delete(at, stale),
      ]) {
        expectProblem(answer, 412, 'version_mismatch');
      }
      const read = await shop.api.get(`/products/${gallery.productId}`);
      expect(read.body).toMatchObject({ version: 2, images: [image] });
      const fresh = { 'If-Match': read.headers.get('etag') ?? '' };
      expect((await gallery.upload({ file }, fresh)).status).toBe(201);
      expectProblem(await gallery.upload({ file }, fresh), 412, 'version_mismatch');
    });

    it('is not made to an image of another product, or to none', async () => {
      const other = await shop.product();
      for (const target of [
        `/products/${other.id}/images/${image.id}`,
        `/products/${gallery.productId}/images/${UNKNOWN_ID}`,
        `/products/${UNKNOWN_ID}/images/${image.id}`,
      ]) {
        expectProblem(await shop.editor.api.patch(target, { alt: 'B' }), 404, 'not_found');
        expectProblem(await shop.editor.api.delete(target), 404, 'not_found');
      }
      expectProblem(
        await shop.editor.api.delete(`/products/${gallery.productId}/images/1`),
        400,
        'malformed_id',
      );
      expect((await gallery.product()).images).toEqual([image]);
    });

    it('is seen by whoever holds the old ETag', async () => {
      const { headers: before } = await shop.api.get(`/products/${gallery.productId}`);
      const known = { 'If-None-Match': before.get('etag') ?? '' };
      expect((await shop.api.get(`/products/${gallery.productId}`, known)).status).toBe(304);
      await shop.editor.api.patch(at, { alt: 'B' });
      expect((await shop.api.get(`/products/${gallery.productId}`, known)).status).toBe(200);
    });
  });

  describe('a retry', () => {
    const key = (): Record<string, string> => ({ 'Idempotency-Key': randomBytes(8).toString('hex') });

    it('with the same key gives the same image, once', async () => {
      const [file, extra] = [await png(), key()];
      const first = await gallery.upload({ file, alt: 'A' }, extra);
      const again = await gallery.upload({ alt: 'A', file }, { ...extra, 'If-Match': '"1"' });
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(first.body);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect((await gallery.product()).images).toHaveLength(1);
    });

    it('that comes while the first is running makes no second image', async () => {
      const [file, extra, before] = [await png(), key(), imageFiles(shop).length];
      const answers = await atOnce(6, () => gallery.upload({ file }, extra));
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
      const made = answers.filter(({ status }) => status === 201);
      expect(made.filter((answer) => !answer.headers.has('idempotent-replayed'))).toHaveLength(1);
      expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
      expect((await gallery.product()).images).toHaveLength(1);
      expect(imageFiles(shop).length - before).toBe(4);
    });

    it('with another file or another text is refused', async () => {
      const extra = key();
      await gallery.upload({ file: await png(), alt: 'A' }, extra);
      expectProblem(
        await gallery.upload({ file: await png(1), alt: 'A' }, extra),
        422,
        'idempotency_key_reused',
      );
      expectProblem(
        await gallery.upload({ file: await png(), alt: 'B' }, extra),
        422,
        'idempotency_key_reused',
      );
    });
  });
});
