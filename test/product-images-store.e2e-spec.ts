import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { Idempotency } from '../src/common/idempotency/idempotency.service';
import { expectProblem } from './support/answers';
import { startTestApp } from './support/app';
import { FakeS3 } from './support/fake-s3';
import { fetchBytes, Gallery, imageFiles } from './support/gallery';
import { png } from './support/pictures';
import { Shop } from './support/shop';

describe('the store of images', () => {
  let shop: Shop;
  let gallery: Gallery;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    gallery = await Gallery.open(shop);
  });

  afterAll(() => shop.close());

  describe('on a disk that fails', () => {
    const directory = (): string => path.join(shop.test.dataDir, 'images');

    beforeEach(async () => {
      await mkdir(shop.test.dataDir, { recursive: true });
    });

    afterEach(() => rm(directory(), { recursive: true, force: true }));

    it('refuses an upload, and nothing changes', async () => {
      await rm(directory(), { recursive: true, force: true });
      await writeFile(directory(), 'in the way');
      const answer = await gallery.upload({ file: await png() }, { 'Idempotency-Key': 'down' });
      expectProblem(answer, 503, 'service_unavailable');
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await gallery.product()).toMatchObject({ images: [], version: 1 });
      expect(shop.test.logs).toContainEqual(expect.objectContaining({ event: 'file_store_failed' }));
      await rm(directory());
      expect((await gallery.upload({ file: await png() }, { 'Idempotency-Key': 'down' })).status).toBe(201);
    });

    it('lets an image be deleted, and names the files that stay', async () => {
      const image = await gallery.add();
      await rm(directory(), { recursive: true });
      await writeFile(directory(), 'in the way');
      expect((await shop.editor.api.delete(gallery.at(image))).status).toBe(204);
      const left = { event: 'image_files_left', imageId: image.id };
      expect(shop.test.logs).toContainEqual(expect.objectContaining(left));
    });
  });

  describe('when the database fails', () => {
    it('keeps the files of an image that is gone as long as nobody knows whether a past order shows it', async () => {
      const image = await gallery.add();
      const before = imageFiles(shop);
      const busy = shop.test.owner.createQueryRunner();
      await busy.startTransaction();
      await busy.query('LOCK TABLE order_items IN ACCESS EXCLUSIVE MODE');
      const deleted = await shop.editor.api.delete(gallery.at(image));
      await busy.rollbackTransaction();
      await busy.release();
      expect(deleted.status).toBe(204);
      expect((await gallery.product()).images).toEqual([]);
      expect(imageFiles(shop)).toEqual(before);
    });

    it('is left without the files of a row that was refused', async () => {
      await shop.query(`ALTER TABLE product_images ADD CONSTRAINT ck_test CHECK (alt <> 'refused')`);
      const before = imageFiles(shop);
      const answer = await gallery.upload({ file: await png(), alt: 'refused' });
      await shop.query('ALTER TABLE product_images DROP CONSTRAINT ck_test');
      expect(answer.status).toBe(500);
      expect(imageFiles(shop)).toEqual(before);
    });

    it('keeps the files of a row that was written although nobody heard of it', async () => {
      const idempotency = shop.test.app.get(Idempotency);
      const run = idempotency.run.bind(idempotency);
      const lost = jest.spyOn(idempotency, 'run').mockImplementationOnce(async (request, work) => {
        await run(request, work);
        throw new Error('Connection terminated unexpectedly');
      });
      const answer = await gallery.upload({ file: await png() });
      lost.mockRestore();
      expectProblem(answer, 503, 'service_unavailable');
      const { images } = await gallery.product();
      expect(images).toHaveLength(1);
      expect((await fetchBytes(images[0].url)).length).toBeGreaterThan(0);
    });
  });

  describe('that speaks S3', () => {
    let s3: FakeS3;
    let cloud: Shop;

    beforeAll(async () => {
      s3 = await FakeS3.start();
      cloud = await Shop.open({ settings: s3.settings });
    });

    beforeEach(async () => {
      s3.isDown = false;
      gallery = await Gallery.open(cloud);
    });

    afterAll(async () => {
      await cloud.close();
      await s3.stop();
    });

    it('gets the files, signed, with what a CDN must know, and gives them back', async () => {
      const { id, url } = await gallery.add();
      const keys = ['large', 'medium', 'small'].map((size) => `images/${id}/${size}.webp`);
      expect([...s3.objects.keys()].sort()).toEqual(keys);
      expect(s3.objects.get(`images/${id}/large.webp`)?.headers).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      expect(url).toContain('/api/images/');
      expect(await sharp(await fetchBytes(url)).metadata()).toMatchObject({ format: 'webp', width: 60 });
      expect(imageFiles(cloud)).toEqual([]);
    });

    it('answers 304 and HEAD as the disk does, and 404 for what it does not have', async () => {
      const image = await gallery.add();
      const { headers } = await fetch(image.url, { method: 'HEAD' });
      expect(headers.get('content-length')).toMatch(/^\d+$/);
      const known = { 'If-None-Match': headers.get('etag') ?? '' };
      expect((await fetch(image.url, { headers: known })).status).toBe(304);
      await cloud.editor.api.delete(gallery.at(image));
      expect((await fetch(image.url)).status).toBe(404);
      expect([...s3.objects.keys()].filter((key) => key.includes(image.id))).toEqual([]);
    });

    it('refuses uploads and reads while it is down, and nothing changes', async () => {
      const { url } = await gallery.add();
      const before = await gallery.product();
      s3.isDown = true;
      expectProblem(await gallery.upload({ file: await png() }), 503, 'service_unavailable');
      expect((await fetch(url)).status).toBe(503);
      expect(await gallery.product()).toEqual(before);
      s3.isDown = false;
      expect((await fetch(url)).status).toBe(200);
    });

    it('keeps nothing of an upload that it took in part', async () => {
      const before = [...s3.objects.keys()];
      s3.refuses = 'medium.webp';
      expectProblem(await gallery.upload({ file: await png() }), 503, 'service_unavailable');
      s3.refuses = undefined;
      expect([...s3.objects.keys()]).toEqual(before);
    });

    it('says nothing of its keys to the log', () => {
      expect(JSON.stringify(cloud.test.logs)).not.toMatch(/fake-key|fake-secret|AWS4-HMAC/);
    });

    it('shows the addresses of a CDN where there is one', async () => {
      const { id } = await gallery.add();
      const settings = { ...s3.settings, S3_PUBLIC_URL: 'https://cdn.example/shop/' };
      const other = await startTestApp({ databaseUrl: cloud.test.databaseUrl, settings });
      const { body } = await other.api.get(`/products/${gallery.productId}`);
      expect(body.imageUrl).toBe(`https://cdn.example/shop/images/${id}/large.webp`);
      expect(body.images[0].sizes.small).toBe(`https://cdn.example/shop/images/${id}/small.webp`);
      await other.close();
    });

    it('of a wrong bucket or key is one that is down', async () => {
      for (const name of ['S3_BUCKET', 'S3_ACCESS_KEY_ID']) {
        const settings = { ...s3.settings, [name]: 'other' };
        const other = await startTestApp({ databaseUrl: cloud.test.databaseUrl, settings });
        const answer = await other.api.get(`/images/${gallery.productId}/large.webp`);
        expectProblem(answer, 503, 'service_unavailable');
        await other.close();
      }
    });
  });
});
