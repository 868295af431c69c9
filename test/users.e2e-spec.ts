import { expectInvalid, expectProblem } from './support/answers';
import { UNKNOWN_ID } from './support/routes';
import { PASSWORD, type Person, Shop, unique } from './support/shop';

const PROFILE = { username: null, firstName: null, lastName: null, phone: null };

describe('the accounts', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  beforeEach(async () => {
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  describe('are made by admins', () => {
    it('with any roles', async () => {
      const email = `made-${unique()}@example.com`;
      const given = { email, roles: ['EDITOR', 'ADMIN'], firstName: 'Mo', isActive: true };
      const { status, headers, body } = await shop.admin.api.post('/users', { ...given, password: PASSWORD });
      expect(status).toBe(201);
      expect(body).toMatchObject({ ...PROFILE, ...given, emailVerified: false });
      expect(headers.get('location')).toBe(`/api/users/${body.id}`);
      const session = await shop.api.post('/auth/login', { email, password: PASSWORD });
      expect(session.body.user).toEqual(body);
      expect((await shop.admin.api.patch(`/users/${body.id}`, { isActive: false })).status).toBe(200);
    });

    it('as active customers unless told', async () => {
      const { body } = await shop.admin.api.post('/users', {
        email: `${unique()}@example.com`,
        password: PASSWORD,
      });
      expect(body).toMatchObject({ roles: ['CUSTOMER'], isActive: true });
    });

    it('disabled, when told so', async () => {
      const account = { email: `${unique()}@example.com`, password: PASSWORD };
      expect((await shop.admin.api.post('/users', { ...account, isActive: false })).body.isActive).toBe(
        false,
      );
      expectProblem(await shop.api.post('/auth/login', account), 401, 'invalid_credentials');
    });

    it.each([
      ['roles', []],
      ['roles', ['OWNER']],
      ['roles', 'ADMIN'],
      ['roles', ['ADMIN', 'ADMIN']],
      ['roles', null],
      ['isActive', 'true'],
      ['password', 'short'],
      ['email', 'none'],
      ['id', UNKNOWN_ID],
    ])('but not with %s %j', async (field, value) => {
      const account = { email: `${unique()}@example.com`, password: PASSWORD, [field]: value };
      expectInvalid(await shop.admin.api.post('/users', account), field);
    });

    it('once for an e-mail and a username', async () => {
      const username = `taken-${unique()}`;
      await shop.customer({ username });
      const account = { email: ann.email.toUpperCase(), password: PASSWORD };
      expectProblem(await shop.admin.api.post('/users', account), 409, 'email_taken');
      const other = {
        email: `${unique()}@example.com`,
        password: PASSWORD,
        username: username.toUpperCase(),
      };
      expectProblem(await shop.admin.api.post('/users', other), 409, 'username_taken');
    });
  });

  describe('are shown', () => {
    it('to their owners and to admins', async () => {
      const own = await ann.api.get(`/users/${ann.id}`);
      expect(own.status).toBe(200);
      expect(own.body).toEqual((await ann.api.get('/auth/me')).body);
      expect((await shop.admin.api.get(`/users/${ann.id.toUpperCase()}`)).body).toEqual(own.body);
    });

    it('to nobody else, as if they were not there', async () => {
      const other = await shop.customer();
      for (const { api } of [ann, shop.editor]) {
        for (const id of [other.id, shop.admin.id, UNKNOWN_ID]) {
          expectProblem(await api.get(`/users/${id}`), 404, 'not_found');
          expectProblem(await api.patch(`/users/${id}`, { firstName: 'Eve' }), 404, 'not_found');
          expectProblem(await api.put(`/users/${id}`, { firstName: 'Eve' }), 404, 'not_found');
          expectProblem(await api.patch(`/users/${id}`, { roles: ['ADMIN'] }), 404, 'not_found');
        }
      }
      expect((await other.api.get('/auth/me')).body.firstName).toBeNull();
      expectProblem(await shop.admin.api.get(`/users/${UNKNOWN_ID}`), 404, 'not_found');
    });
  });

  describe('are changed by their owners', () => {
    it('field by field', async () => {
      const username = `ann-${unique()}`;
      const first = await ann.api.patch(`/users/${ann.id}`, {
        username,
        firstName: ' Ann ',
        phone: '+1 555 0100',
      });
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ username, firstName: 'Ann', lastName: null, phone: '+1 555 0100' });
      const second = await ann.api.patch(`/users/${ann.id}`, { firstName: null, lastName: 'Buyer' });
      expect(second.body).toMatchObject({
        username,
        firstName: null,
        lastName: 'Buyer',
        phone: '+1 555 0100',
      });
      expect(second.body.updatedAt > first.body.updatedAt).toBe(true);
      expect((await ann.api.get('/auth/me')).body).toEqual(second.body);
    });

    it('by nothing at all', async () => {
      const { body: before } = await ann.api.get('/auth/me');
      const { status, body } = await ann.api.patch(`/users/${ann.id}`, {});
      expect(status).toBe(200);
      expect({ ...body, updatedAt: before.updatedAt }).toEqual(before);
    });

    it('as a whole: names and phone that are left out become null, the account stays', async () => {
      await ann.api.patch(`/users/${ann.id}`, {
        username: `ann-${unique()}`,
        lastName: 'Buyer',
        phone: '+1 555 0100',
      });
      const { status, body } = await ann.api.put(`/users/${ann.id}`, { firstName: 'Ann' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ ...PROFILE, firstName: 'Ann' });
      expect(body).toMatchObject({ email: ann.email, roles: ['CUSTOMER'], isActive: true });
    });

    it.each([
      { email: 'new@example.com' },
      { roles: ['ADMIN'] },
      { roles: ['CUSTOMER'] },
      { isActive: true },
    ])('but not in %j, which is for admins', async (fields) => {
      const { body: before } = await ann.api.get('/auth/me');
      for (const change of [fields, { ...fields, firstName: 'Eve' }]) {
        expectProblem(await ann.api.patch(`/users/${ann.id}`, change), 403, 'forbidden');
        expectProblem(await ann.api.put(`/users/${ann.id}`, change), 403, 'forbidden');
      }
      expectProblem(await shop.editor.api.patch(`/users/${shop.editor.id}`, fields), 403, 'forbidden');
      expect((await ann.api.get('/auth/me')).body).toEqual(before);
    });

    it.each([
      ['password', 'another password'],
      ['emailVerified', true],
      ['id', UNKNOWN_ID],
      ['username', 'a b'],
      ['firstName', ' '],
      ['phone', 'none'],
    ])('but not with %s %j', async (field, value) => {
      expectInvalid(await ann.api.patch(`/users/${ann.id}`, { [field]: value }), field);
      expectInvalid(await ann.api.put(`/users/${ann.id}`, { [field]: value }), field);
    });

    it('but not to a username that is taken; their own in another case is free to them', async () => {
      const username = `taken-${unique()}`;
      const other = await shop.customer({ username });
      expectProblem(
        await ann.api.patch(`/users/${ann.id}`, { username: username.toUpperCase() }),
        409,
        'username_taken',
      );
      const same = await other.api.patch(`/users/${other.id}`, { username: username.toUpperCase() });
      expect(same.body.username).toBe(username.toUpperCase());
    });
  });

  describe('are changed by admins', () => {
    it('in everything', async () => {
      const email = `New-${unique()}@Example.com`;
      const change = { email, roles: ['EDITOR'], firstName: 'Ann' };
      const { status, body } = await shop.admin.api.patch(`/users/${ann.id}`, change);
      expect(status).toBe(200);
      expect(body).toMatchObject(change);
      expect((await shop.api.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
      const old = { email: ann.email, password: PASSWORD };
      expectProblem(await shop.api.post('/auth/login', old), 401, 'invalid_credentials');
    });

    it('as a whole: e-mail, roles and isActive that are left out stay', async () => {
      await shop.admin.api.patch(`/users/${ann.id}`, {
        roles: ['EDITOR'],
        isActive: false,
        lastName: 'Buyer',
      });
      const { body } = await shop.admin.api.put(`/users/${ann.id}`, {});
      expect(body).toMatchObject({ ...PROFILE, email: ann.email, roles: ['EDITOR'], isActive: false });
    });

    it('but not to an e-mail that is taken', async () => {
      const email = shop.editor.email.toUpperCase();
      expectProblem(await shop.admin.api.patch(`/users/${ann.id}`, { email }), 409, 'email_taken');
      expectInvalid(await shop.admin.api.patch(`/users/${ann.id}`, { email: null }), 'email');
    });

    it('but not once they are deleted', async () => {
      await shop.admin.api.delete(`/users/${ann.id}`);
      expectProblem(await shop.admin.api.get(`/users/${ann.id}`), 404, 'not_found');
      expectProblem(await shop.admin.api.patch(`/users/${ann.id}`, { isActive: true }), 404, 'not_found');
      expectProblem(await shop.admin.api.put(`/users/${ann.id}`, {}), 404, 'not_found');
    });
  });

  it('logs who gave or took access, or erased an account, and names nobody', async () => {
    const { admin, test } = shop;
    const email = `${unique()}@example.com`;
    const { body: made } = await admin.api.post('/users', { email, password: PASSWORD, roles: ['ADMIN'] });
    await admin.api.patch(`/users/${made.id}`, { email: `new-${email}` });
    await admin.api.patch(`/users/${made.id}`, { roles: ['CUSTOMER'] });
    await admin.api.patch(`/users/${made.id}`, { firstName: 'Mo' });
    await admin.api.delete(`/users/${made.id}`);
    const told = test.logs.filter(({ userId, event }) => userId === made.id && event !== 'mail');
    expect(told.map(({ event, roles, by }) => [event, roles, by])).toEqual([
      ['access_changed', ['ADMIN'], admin.id],
      ['access_changed', ['ADMIN'], admin.id],
      ['access_changed', ['CUSTOMER'], admin.id],
      ['account_erased', undefined, admin.id],
    ]);
  });
});
