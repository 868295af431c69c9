import http from 'node:http';
import sharp, { type Create, type Sharp } from 'sharp';
import type { Answer, ApiClient, Json } from './api-client';

/** A picture of one colour, to be encoded by who asks for it. */
export function picture(width = 60, height = 40, fields: Partial<Create> = {}): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#3366cc', ...fields } });
}

/** A small whole PNG; another number gives another picture. */
export function png(number = 0): Promise<Buffer> {
  return picture(60, 40, { background: { r: number % 256, g: number >> 8, b: 99 } })
    .png()
    .toBuffer();
}

/** What a form holds: text, or the bytes of a file. A list is the field so many times. */
export type FormFields = Record<string, string | Uint8Array | (string | Uint8Array)[]>;

export function formOf(fields: FormFields, { name = 'photo.jpg', type = 'image/jpeg' } = {}): FormData {
  const form = new FormData();
  for (const [field, values] of Object.entries(fields)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (typeof value === 'string') form.append(field, value);
      else form.append(field, new Blob([Uint8Array.from(value)], { type }), name);
    }
  }
  return form;
}

export type RequestBody = NonNullable<RequestInit['body']>;

/** Sends a form to a path below `/api`. */
export async function sendForm(
  { origin }: ApiClient,
  path: string,
  form: RequestBody,
  headers: Record<string, string>,
): Promise<Answer<Json>> {
  const response = await fetch(`${origin}/api${path}`, { method: 'POST', headers, body: form });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends a file for as long as somebody reads it. */
export function sendWithoutEnd(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; sent: number }> {
  return new Promise((resolve, reject) => {
    const type = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const request = http.request(url, { method: 'POST', headers: { ...headers, ...type } });
    const chunk = Buffer.alloc(1_000_000);
    let sent = 0;
    const send = (): void => {
      do sent += chunk.length;
      while (request.write(chunk));
    };
    request.on('drain', send).on('error', reject);
    request.on('response', ({ statusCode }) => {
      resolve({ status: statusCode, sent });
      request.destroy();
    });
    request.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
    send();
  });
}
