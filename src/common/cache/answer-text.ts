import { isPage } from '../http/page.response';

/** Of the rows of pages. A row that stands in many, as products do, is written once: what is shown of it never changes. */
const texts = new WeakMap<object, string>();

/** What is sent of an answer: its JSON. */
export function answerText(body: unknown): string {
  if (!isPage(body)) return JSON.stringify(body);
  const { data, ...rest } = body;
  return `{"data":[${data.map(rowText).join()}],${JSON.stringify(rest).slice(1)}`;
}

function rowText(row: unknown): string {
  if (typeof row !== 'object' || row === null) return JSON.stringify(row);
  const known = texts.get(row);
  if (known !== undefined) return known;
  const text = JSON.stringify(row);
  texts.set(row, text);
  return text;
}
