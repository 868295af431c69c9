import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Json } from './api-client';
import { type FormFields, formOf, png, type RequestBody, sendForm } from './pictures';
import type { Shop } from './shop';

type Headers = Record<string, string>;

/** A new product, and its images as an editor keeps them. */
export class Gallery {
  private constructor(
    private readonly shop: Shop,
    readonly productId: string,
  ) {}

  static async open(shop: Shop, fields: object = {}): Promise<Gallery> {
    return new Gallery(shop, (await shop.product({ ...fields })).id);
  }

  /** The headers that an editor sends. */
  get headers(): Headers {
    return { Authorization: `Bearer ${this.shop.editor.accessToken}` };
  }

  /** Sends any body in the place of a form. */
  send(form: RequestBody, headers: Headers = {}, productId = this.productId): Promise<Answer<Json>> {
    return sendForm(this.shop.api, `/products/${productId}/images`, form, { ...this.headers, ...headers });
  }

  upload(fields: FormFields, headers?: Headers): Promise<Answer<Json>> {
    return this.send(formOf(fields), headers);
  }

  /** The image that a good upload makes. */
  async add(fields: FormFields = {}): Promise<Json> {
    const { status, body } = await this.upload({ file: await png(), ...fields });
    if (status !== 201) throw new Error(`Expected 201, got ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The path of an image, for PATCH and DELETE. */
  at({ id }: Json): string {
    return `/products/${this.productId}/images/${id}`;
  }

  /** The product as everyone sees it. */
  async product(): Promise<Json> {
    return (await this.shop.api.get(`/products/${this.productId}`)).body;
  }

  /** Position and text of each image, in the order shown. */
  async order(): Promise<string[]> {
    const { images } = await this.product();
    return images.map(({ alt, position }: Json) => `${position} ${alt}`);
  }
}

/** What the shop keeps on disk of images: their directories and files. */
export function imageFiles({ test }: Shop): string[] {
  const directory = path.join(test.dataDir, 'images');
  return existsSync(directory) ? readdirSync(directory, { recursive: true }).map(String).sort() : [];
}

export async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`Expected 200, got ${response.status} for ${url}`);
  return Buffer.from(await response.arrayBuffer());
}
