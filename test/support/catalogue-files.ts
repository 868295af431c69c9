import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import type { Answer, Json } from './api-client';
import type { Person, Shop } from './shop';

export const HEADER =
  'sku,name,description,price,currency,stock,categoryPath,imageUrl,featured,status,attributes';

/** Takes the catalogue away, all that stands on it and what was logged: for the next test the shop is as new. */
export async function emptyShop(shop: Shop): Promise<void> {
  const ofOrders = ['idempotency_records', 'stock_movements', 'order_events', 'order_items', 'orders'];
  const tables = [...ofOrders, 'cart_items', 'products', 'categories'];
  await shop.query(tables.map((table) => `DELETE FROM ${table}`).join('; '));
  shop.test.logs.length = 0;
}

/** A file of the columns of an export. */
export function fileOf(...rows: string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}

/** Rows of products that differ in their numbers. */
export function manyRows(count: number, prefix = 'N'): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n},Name ${n},,1,,${n % 7},Part ${n % 9},,,,`);
}

interface ImportOptions {
  query?: string;
  headers?: Record<string, string>;
}

/** Imports a file as this person. */
export function importFile(
  { api }: Person,
  body: string | Uint8Array,
  { query = '', headers = {} }: ImportOptions = {},
): Promise<Answer<Json>> {
  return api.request('POST', `/products/import${query}`, {
    body,
    headers: { 'Content-Type': 'text/csv', ...headers },
  });
}

/** The text of an export by this person. */
export async function exportFile({ api }: Person): Promise<string> {
  const { status, body } = await api.get<string>('/products/export');
  if (status !== 200) throw new Error(`Expected 200, got ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The records of a file by their columns. */
export function recordsOf(file: string): Record<string, string>[] {
  return parse<Record<string, string>>(file, { columns: true, recordDelimiter: ['\r\n', '\n'] });
}

/** An upload under way: written to by hand, chunked unless a length is told. */
export function startUpload(
  { api, accessToken }: Person,
  headers: Record<string, string> = {},
): ClientRequest {
  return request(`${api.origin}/api/products/import`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'text/csv', ...headers },
  });
}

/** A download under way, of which nothing is read yet. */
export async function startDownload({ api, accessToken }: Person): Promise<IncomingMessage> {
  const download = request(`${api.origin}/api/products/export`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  download.end();
  return answerTo(download);
}

export async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

export async function problemOf(response: IncomingMessage): Promise<Json> {
  return JSON.parse(await text(response));
}

/** What uploads have left behind: named files, and on Linux nameless ones that this process still holds open. */
export async function leftovers(): Promise<string[]> {
  const isOurs = (name: string): boolean => name.includes('cartwright-') && !name.includes('.s.PGSQL');
  const named = (await readdir(tmpdir())).filter((name) => /^cartwright-[\da-f]{8}-[\da-f-]{27}$/.test(name));
  if (process.platform !== 'linux') return named;
  const descriptors = await readdir('/proc/self/fd');
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return [...named, ...links.filter((link) => isOurs(link) && link.endsWith('(deleted)'))];
}
