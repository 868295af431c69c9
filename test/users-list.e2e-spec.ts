import { expectInvalid } from './support/answers';
import type { Json } from './support/api-client';
import { type Person, Shop, unique } from './support/shop';

describe('the accounts are listed for admins', () => {
  let shop: Shop;
  let mark: string;
  let zoe: Person;
  let bob: Person;
  let cyd: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    mark = unique();
    zoe = await shop.customer({
      email: `zoe-${mark}@example.com`,
      firstName: `Zoë${mark}`,
      lastName: '100%_Real',
    });
    bob = await shop.customer({ email: `Bob-${mark}@example.com`, username: `bob.${mark}` });
    cyd = await shop.customer({ email: `cyd-${mark}@example.com`, lastName: `Mc${mark}` });
    await shop.admin.api.patch(`/users/${bob.id}`, { roles: ['CUSTOMER', 'EDITOR'] });
    await shop.admin.api.patch(`/users/${cyd.id}`, { isActive: false });
  });

  afterAll(() => shop.close());

  const list = async (query: string): Promise<Json> => {
    const { status, body } = await shop.admin.api.get(`/users?${query}`);
    expect(status).toBe(200);
    return body;
  };
  const emails = async (query: string): Promise<string[]> =>
    (await list(query)).data.map(({ email }: Json) => email);

  it('newest first, with all that the API shows of a user and nothing more', async () => {
    const { data, meta } = await list(`q=${mark}`);
    expect(data.map(({ id }: Json) => id)).toEqual([cyd.id, bob.id, zoe.id]);
    expect(meta).toEqual({ page: 1, limit: 20, totalItems: 3, totalPages: 1 });
    expect(Object.keys(data[0]).sort()).toEqual(
      'createdAt email emailVerified firstName id isActive lastName phone roles updatedAt username'.split(
        ' ',
      ),
    );
    expect(data[2]).toEqual((await zoe.api.get('/auth/me')).body);
  });

  it('by parts of e-mail, username and names, whatever the case, and taken as text', async () => {
    expect(await emails(`q=ZOE-${mark}`)).toEqual([zoe.email]);
    expect(await emails(`q=BOB.${mark}`)).toEqual([bob.email]);
    expect(await emails(`q=zo%C3%AB${mark}`)).toEqual([zoe.email]);
    expect(await emails(`q=mc${mark}`)).toEqual([cyd.email]);
    expect(await emails(`q=zo%C3%AB${mark}%20100`)).toEqual([zoe.email]);
    expect(await emails('q=100%25_r')).toEqual([zoe.email]);
    expect(await emails('q=100__r')).toEqual([]);
    expect((await list('q=%20%20&limit=1')).meta).toEqual((await list('limit=1')).meta);
  });

  it('by role and by whether they are active', async () => {
    expect(await emails(`q=${mark}&role=EDITOR`)).toEqual([bob.email]);
    expect(await emails(`q=${mark}&role=ADMIN`)).toEqual([]);
    expect(await emails(`q=${mark}&isActive=false`)).toEqual([cyd.email]);
    expect(await emails(`q=${mark}&isActive=true&role=CUSTOMER`)).toEqual([bob.email, zoe.email]);
  });

  it('sorted by e-mail without case, or by age', async () => {
    expect(await emails(`q=${mark}&sort=email`)).toEqual([bob.email, cyd.email, zoe.email]);
    expect(await emails(`q=${mark}&sort=-email`)).toEqual([zoe.email, cyd.email, bob.email]);
    expect(await emails(`q=${mark}&sort=createdAt,-email`)).toEqual([zoe.email, bob.email, cyd.email]);
  });

  it('sorted by e-mail by code points, so that a sign has one place whatever the server', async () => {
    const expected = ['a-b', 'a.b', 'a1', 'A_B', 'ab', 'z', 'é'].map((name) => `${name}.sorted@example.com`);
    for (const email of [...expected].reverse()) await shop.customer({ email });
    expect(await emails(`q=sorted@&sort=email`)).toEqual(expected);
  });

  it('in pages, with links to the others that keep the filters', async () => {
    const { headers, body } = await shop.admin.api.get(`/users?q=${mark}&sort=email&limit=1&page=2`);
    expect(body.data.map(({ email }: Json) => email)).toEqual([cyd.email]);
    expect(body.meta).toEqual({ page: 2, limit: 1, totalItems: 3, totalPages: 3 });
    const links = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)];
    const found: Record<string, string[]> = {};
    for (const [, url = '', relation = ''] of links) {
      found[relation] = (await shop.admin.api.get(`/${url}`)).body.data.map(({ email }: Json) => email);
    }
    expect(found).toEqual({
      first: [bob.email],
      prev: [bob.email],
      next: [zoe.email],
      last: [zoe.email],
    });
  });

  it('with an empty page past the last', async () => {
    const { data, meta } = await list(`q=${mark}&page=9`);
    expect(data).toEqual([]);
    expect(meta).toEqual({ page: 9, limit: 20, totalItems: 3, totalPages: 1 });
  });

  it.each([
    ['role', 'OWNER'],
    ['role', 'editor'],
    ['sort', 'password'],
    ['sort', 'email,'],
    ['sort', '--email'],
    ['sort', ''],
    ['limit', '101'],
    ['page', '0'],
    ['q', 'x'.repeat(201)],
  ])('but not with %s=%s', async (field, value) => {
    expectInvalid(await shop.admin.api.get(`/users?${field}=${value}`), field);
  });
});
