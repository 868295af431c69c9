import { expectInvalid } from './support/answers';
import type { ApiClient } from './support/api-client';
import {
  LIST_NAMES,
  type ListName,
  openList,
  readCursors,
  readPages,
  sortsOf,
  type TestList,
  withQuery,
} from './support/lists';
import { Shop } from './support/shop';

const lists = {} as Record<ListName, TestList>;
let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open({ hasLooseRows: true });
  for (const name of LIST_NAMES) {
    lists[name] = await openList(name, shop);
    await lists[name].add(1, 17);
  }
});

afterAll(() => shop.close());

/** The cursor of a second page. */
async function cursorOf(api: ApiClient, path: string): Promise<string> {
  const { body } = await api.get(withQuery(path, 'limit=2&cursor='));
  expect(body.meta).toEqual({ limit: 2, nextCursor: expect.any(String) });
  return body.meta.nextCursor;
}

describe.each(LIST_NAMES)('the list of %s, read from cursor to cursor,', (name) => {
  let list: TestList;

  beforeAll(() => {
    list = lists[name];
  });

  it.each(sortsOf(name))('shows the rows of the numbered pages in their order: "%s"', async (sort) => {
    const path = withQuery(list.path, sort);
    const expected = await readPages(list.api, path);
    expect(expected.length).toBeGreaterThanOrEqual(17);
    expect(new Set(expected).size).toBe(expected.length);
    expect(await readPages(list.api, path, 9)).toEqual(expected);
    expect(await readCursors(list.api, path, [1, 12, 5])).toEqual(expected);
  });

  it('says what comes first and next, and where it ends', async () => {
    const { status, body, headers } = await list.api.get(withQuery(list.path, 'limit=9&cursor='));
    expect(status).toBe(200);
    expect(body.meta).toEqual({ limit: 9, nextCursor: expect.stringMatching(/^[\w-]{20,}$/) });
    expect(linksOf(headers)).toEqual({
      first: `/api${withQuery(list.path, 'limit=9&cursor=')}`,
      next: `/api${withQuery(list.path, `limit=9&cursor=${body.meta.nextCursor}`)}`,
    });
    const rows = (await readPages(list.api, list.path)).length;
    const end = await list.api.get(withQuery(list.path, `limit=${rows}&cursor=`));
    expect(end.body.data).toHaveLength(rows);
    expect(end.body.meta).toEqual({ limit: rows, nextCursor: null });
    expect(Object.keys(linksOf(end.headers))).toEqual(['first']);
  });

  it('asks the same at any depth, of an index that has its order', async () => {
    const pages: number[] = [];
    const log = jest.spyOn(shop.test.dataSource.logger, 'logQuery');
    await readCursors(list.api, list.path, [5], () => {
      pages.push(log.mock.calls.length);
      return Promise.resolve();
    });
    const statements = pages.map((count, page) => count - (pages[page - 1] ?? 0)).slice(1);
    expect(new Set(statements).size).toBe(1);
    const keyset = log.mock.calls.filter(([sql]) => sql.includes('"sortKey"')).at(-1);
    log.mockRestore();
    const [sql, parameters] = keyset ?? ['SELECT', []];
    const steps = await stepsOf(sql, [parameters ?? []].flat());
    expect(steps).toContain('Limit');
    // The products of a branch are read category by category: one page of each is sorted.
    const tooMuch = name === 'products of a category' ? ['Seq Scan'] : ['Seq Scan', 'Sort'];
    expect(steps.filter((step) => tooMuch.includes(step))).toEqual([]);
  });

  it('refuses the cursor of any other list', async () => {
    for (const other of LIST_NAMES.filter((one) => one !== name)) {
      const cursor = await cursorOf(lists[other].api, lists[other].path);
      expectInvalid(await list.api.get(withQuery(list.path, `cursor=${cursor}`)), 'cursor');
    }
  });
});

describe('a cursor', () => {
  it('is refused when any of its characters is another, is missing, or is one too many', async () => {
    const { path, api } = lists.categories;
    const cursor = await cursorOf(api, path);
    const characters = [...cursor];
    const altered = characters.map((character, index) =>
      characters.with(index, character === 'A' ? 'B' : 'A').join(''),
    );
    const shortened = characters.map((_, index) => cursor.slice(0, index)).slice(1);
    const extended = ['A', '=', '!', '%20', '%0A'].map((sign) => cursor + sign);
    for (const bad of [...altered, ...shortened, ...extended, `%20${cursor}`, 'x', 'null']) {
      expectInvalid(await api.get(withQuery(path, `limit=2&cursor=${bad}`)), 'cursor');
    }
    expect((await api.get(withQuery(path, `limit=2&cursor=${cursor}`))).status).toBe(200);
  });

  it.each<[ListName, string, string[]]>([
    ['users', '', ['q=list', 'role=CUSTOMER', 'isActive=true', 'sort=-createdAt', 'sort=email']],
    ['users', 'q=list&sort=email', ['q=lists&sort=email', 'q=list&sort=-email', 'q=list', 'sort=email']],
    ['categories', 'sort=name', ['sort=-name', 'sort=name,position', 'q=a&sort=name', '']],
    ['products', 'sort=price', ['sort=price&inStock=false', 'sort=price&minPrice=0', 'sort=price,name', '']],
    ['products', 'q=elan', ['q=zebra', '', 'q=elan&sort=name', 'q=elan&featured=true']],
    ['orders', 'status=pending', ['status=shipped', '', 'mine=true', 'createdTo=2030-01-01T00:00:00Z']],
    ['coupons', 'q=list', ['q=lis', 'q=list&active=true', '']],
  ])(
    'of the list of %s with "%s" is refused with other filters and other orders',
    async (name, given, others) => {
      const { path, api } = lists[name];
      const cursor = await cursorOf(api, withQuery(path, given));
      for (const other of others) {
        expectInvalid(await api.get(withQuery(withQuery(path, other), `cursor=${cursor}`)), 'cursor');
      }
      const again = await api.get(withQuery(withQuery(path, given), `cursor=${cursor}&limit=100`));
      expect(again.status).toBe(200);
    },
  );

  it('is good for the rows of one owner only', async () => {
    const anns = await openList('orders of one customer', shop);
    const bens = await openList('orders of one customer', shop);
    for (const list of [anns, bens]) await list.add(1, 3);
    const cursor = await cursorOf(anns.api, anns.path);
    expectInvalid(await bens.api.get(`/orders?cursor=${cursor}`), 'cursor');
    expectInvalid(await shop.editor.api.get(`/orders?cursor=${cursor}`), 'cursor');
    for (const name of ['redemptions', 'stock movements'] as const) {
      const other = await openList(name, shop);
      const cursorOfOther = await cursorOf(lists[name].api, lists[name].path);
      expectInvalid(await other.api.get(withQuery(other.path, `cursor=${cursorOfOther}`)), 'cursor');
    }
  });

  it('goes with no page number, and with no repeated field of a sort', async () => {
    const { path, api } = lists.categories;
    const cursor = await cursorOf(api, path);
    for (const query of ['page=1&cursor=', `page=2&cursor=${cursor}`, `cursor=${'A'.repeat(2_001)}`]) {
      expectInvalid(await api.get(withQuery(path, query)), 'cursor');
    }
    for (const sort of ['name,-name', 'name,name', '-name,position,name']) {
      expectInvalid(await api.get(withQuery(path, `sort=${sort}`)), 'sort');
    }
  });
});

describe.each(LIST_NAMES)('the list of %s, while it is read from cursor to cursor,', (name) => {
  it('shows each row that did not change once, whatever happens to others', async () => {
    const list = lists[name];
    const before = await readPages(list.api, list.path);
    const others = before.filter((_, index) => index % 3 === 0);
    let added = 100;
    const seen = await readCursors(list.api, list.path, [2, 3], async (ids) => {
      await list.add((added += 1), (added += 1));
      await list.remove([others.shift(), others.pop()].filter((id) => id !== undefined));
      await list.change([others.shift(), ids[0]].filter((id) => id !== undefined));
    });
    const unchanged = before.filter((_, index) => index % 3 !== 0 && index > 0);
    expect(seen.filter((id) => unchanged.includes(id))).toEqual(unchanged);
  });
});

function linksOf(headers: Headers): Record<string, string> {
  const links = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)];
  return Object.fromEntries(links.map(([, url = '', relation = '']) => [relation, url]));
}

/** The steps of the plan of a statement, on a table so large that reading all of it is out of the question. */
async function stepsOf(sql: string, parameters: unknown[]): Promise<string[]> {
  return shop.test.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL enable_seqscan = off');
    await tx.query('SET LOCAL enable_bitmapscan = off');
    await tx.query('SET LOCAL enable_sort = off');
    const lines = await tx.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN (COSTS off) ${sql}`, parameters);
    return lines.map(
      (line) => /^ *(?:-> *)?([A-Z][a-z]+(?: [A-Z][a-z]+)*)/.exec(line['QUERY PLAN'])?.[1] ?? '',
    );
  });
}
