import type { PageQuery } from '../http/page.query';
import { boundTo } from './lists';

describe('what a cursor is bound to', () => {
  const bound = (name: string, query: PageQuery & Record<string, unknown>): string => boundTo(name, query);
  const query = { q: 'mug', sort: ['-price', 'name'] };

  it('is the list with its filters and its order, however they are written down', () => {
    expect(bound('products', { sort: query.sort, inStock: undefined, q: 'mug' })).toBe(
      bound('products', query),
    );
    for (const other of [{ ...query, q: 'mugs' }, { q: 'mug' }, { ...query, inStock: false }]) {
      expect(bound('products', other)).not.toBe(bound('products', query));
    }
    expect(bound('products', { ...query, sort: ['name', '-price'] })).not.toBe(bound('products', query));
    expect(bound('orders', query)).not.toBe(bound('products', query));
  });

  it('is not the page, nor its size', () => {
    expect(bound('products', { ...query, cursor: 'x', limit: 5 })).toBe(bound('products', query));
  });
});
