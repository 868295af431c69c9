import type { PageQuery } from './page.query';
import type { CursorMeta, ListPage, Page, PageMeta } from './page.response';

/** Where a page stands in a list that only grows, at its end. */
interface FeedMeta {
  nextAfter: number;
}

export interface PageWindow {
  page: number;
  limit: number;
  offset: number;
}

const DEFAULT_LIMIT = 20;

export function pageWindow({ page = 1, limit = DEFAULT_LIMIT }: PageQuery): PageWindow {
  return { page, limit, offset: (page - 1) * limit };
}

/** A page with its `meta`. */
export function pageOf<T>(data: T[], totalItems: number, { page, limit }: PageWindow): Page<T> {
  return { data, meta: { page, limit, totalItems, totalPages: Math.ceil(totalItems / limit) } };
}

/**
 * A page of a list that is read from cursor to cursor.
 * @param rows the page's rows and one more where the list goes on
 * @param cursorAfter the cursor of the page after that row
 */
export function cursorPageOf<T>(rows: T[], limit: number, cursorAfter: (row: T) => string): ListPage<T> {
  const data = rows.slice(0, limit);
  const last = rows.length > limit ? data.at(-1) : undefined;
  return { data, meta: { limit, nextCursor: last === undefined ? null : cursorAfter(last) } };
}

/** The page with its rows as the API shows them. */
export function mapPage<Row, T>({ data, meta }: ListPage<Row>, show: (row: Row) => T): ListPage<T> {
  return { data: data.map(show), meta };
}

/**
 * The `Link` header of a page (RFC 8288), with the other parameters kept: first, prev, next, last; first and next
 * in a list that is read by cursor; next in one that grows.
 * @param url path and query as asked for
 */
export function pageLinks(url: string, meta: PageMeta | CursorMeta | FeedMeta): string {
  if ('nextAfter' in meta) return `<${withParameter(url, 'after', String(meta.nextAfter))}>; rel="next"`;
  return 'nextCursor' in meta ? cursorLinks(url, meta) : numberedLinks(url, meta);
}

function cursorLinks(url: string, { nextCursor }: CursorMeta): string {
  const first = `<${withParameter(url, 'cursor', '')}>; rel="first"`;
  return nextCursor === null ? first : `${first}, <${withParameter(url, 'cursor', nextCursor)}>; rel="next"`;
}

function numberedLinks(url: string, { page, totalPages }: PageMeta): string {
  const targets: [string, number | undefined][] = [
    ['first', 1],
    ['prev', page > 1 ? Math.min(page - 1, Math.max(totalPages, 1)) : undefined],
    ['next', page < totalPages ? page + 1 : undefined],
    ['last', Math.max(totalPages, 1)],
  ];
  return targets
    .filter((target): target is [string, number] => target[1] !== undefined)
    .map(([relation, target]) => `<${withParameter(url, 'page', String(target))}>; rel="${relation}"`)
    .join(', ');
}

function withParameter(url: string, name: string, value: string): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set(name, value);
  return `${path}?${parameters.toString()}`;
}
