import { cursorPageOf, mapPage, pageLinks, pageOf, pageWindow } from './pagination';

const meta = (page: number, totalPages: number, limit = 20) => ({
  page,
  limit,
  totalItems: totalPages * limit,
  totalPages,
});

describe('the window of a page', () => {
  it('is the first twenty rows unless told', () => {
    expect(pageWindow({})).toEqual({ page: 1, limit: 20, offset: 0 });
  });

  it('begins where the page before ends', () => {
    expect(pageWindow({ page: 3, limit: 7 })).toEqual({ page: 3, limit: 7, offset: 14 });
  });
});

describe('a page', () => {
  it.each([
    [0, 0],
    [1, 1],
    [20, 1],
    [21, 2],
    [100_001, 5001],
  ])('of %i rows in all says that there are %i pages', (totalItems, totalPages) => {
    expect(pageOf(['row'], totalItems, pageWindow({}))).toEqual({
      data: ['row'],
      meta: { page: 1, limit: 20, totalItems, totalPages },
    });
  });
});

describe('a page by cursor', () => {
  const cursorAfter = (row: string): string => `after ${row}`;

  it('goes on after its last row where one more was found', () => {
    expect(cursorPageOf(['a', 'b', 'c'], 2, cursorAfter)).toEqual({
      data: ['a', 'b'],
      meta: { limit: 2, nextCursor: 'after b' },
    });
  });

  it.each([[['a', 'b']], [['a']], [[]]])('ends where no more was found: %j', (rows) => {
    expect(cursorPageOf(rows, 2, cursorAfter)).toEqual({ data: rows, meta: { limit: 2, nextCursor: null } });
  });

  it('keeps its meta when its rows are shown', () => {
    const page = cursorPageOf(['a', 'b'], 1, cursorAfter);
    expect(mapPage(page, (row) => row.toUpperCase())).toEqual({
      data: ['A'],
      meta: { limit: 1, nextCursor: 'after a' },
    });
  });
});

describe('the links of a page', () => {
  it('lead to the first, previous, next and last', () => {
    expect(pageLinks('/api/users?page=2', meta(2, 4))).toBe(
      [
        '</api/users?page=1>; rel="first"',
        '</api/users?page=1>; rel="prev"',
        '</api/users?page=3>; rel="next"',
        '</api/users?page=4>; rel="last"',
      ].join(', '),
    );
  });

  it('lead nowhere before the first and past the last', () => {
    expect(pageLinks('/api/users', meta(1, 1))).toBe(
      '</api/users?page=1>; rel="first", </api/users?page=1>; rel="last"',
    );
    expect(pageLinks('/api/users', meta(1, 0))).toBe(
      '</api/users?page=1>; rel="first", </api/users?page=1>; rel="last"',
    );
  });

  it('lead from a page past the last back to the last', () => {
    expect(pageLinks('/api/users?page=9', meta(9, 3))).toContain('</api/users?page=3>; rel="prev"');
    expect(pageLinks('/api/users?page=9', meta(9, 3))).not.toContain('rel="next"');
  });

  it('lead to the first and the next page of a list that is read by cursor', () => {
    expect(pageLinks('/api/users?cursor=x&sort=-email', { limit: 20, nextCursor: 'y-_' })).toBe(
      '</api/users?cursor=&sort=-email>; rel="first", </api/users?cursor=y-_&sort=-email>; rel="next"',
    );
    expect(pageLinks('/api/users?cursor=', { limit: 20, nextCursor: null })).toBe(
      '</api/users?cursor=>; rel="first"',
    );
  });

  it('keep the other parameters, safe inside the angle brackets', () => {
    const links = pageLinks('/api/products?q=a%3E%22%C3%A9+b&limit=5', meta(1, 2, 5));
    expect(links).toContain('</api/products?q=a%3E%22%C3%A9+b&limit=5&page=2>; rel="next"');
    expect(pageLinks('/api/products?q=">; rel="evil', meta(1, 2))).not.toContain('">;');
  });
});
