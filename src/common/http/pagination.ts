import type { PageQuery } from './page.query';
import type { Page } from './page.response';

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
 * The `Link` header of a page (RFC 8288): first, prev, next, last, with the other parameters kept.
 * @param url path and query as asked for
 */
export function pageLinks(url: string, { page, totalPages }: Page<unknown>['meta']): string {
  const targets: [string, number | undefined][] = [
    ['first', 1],
    ['prev', page > 1 ? Math.min(page - 1, Math.max(totalPages, 1)) : undefined],
    ['next', page < totalPages ? page + 1 : undefined],
    ['last', Math.max(totalPages, 1)],
  ];
  return targets
    .filter((target): target is [string, number] => target[1] !== undefined)
    .map(([relation, target]) => `<${withPage(url, target)}>; rel="${relation}"`)
    .join(', ');
}

function withPage(url: string, page: number): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('page', String(page));
  return `${path}?${parameters.toString()}`;
}
