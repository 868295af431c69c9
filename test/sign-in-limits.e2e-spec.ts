import { PASSWORD, type Person, Shop } from './support/shop';

/** The application believes the address that a proxy names: each test comes from where it likes. */
const LIMITED = { RATE_LIMIT: 'on', TRUST_PROXY: '1', RATE_LIMIT_SIGN_IN: '1000' };

describe('guessing passwords', () => {
  let shop: Shop;
  let address = 0;

  beforeAll(async () => {
    shop = await Shop.open({ settings: LIMITED });
  });

  afterAll(() => shop.close());

  function newIp(): string {
    address += 1;
    return `10.0.${Math.floor(address / 250)}.${(address % 250) + 1}`;
  }

  async function tryLogin(
    email: string,
    password: string,
    ip: string,
  ): Promise<{ status: number; retryAfter: number }> {
    const { status, headers } = await shop.api.post(
      '/auth/login',
      { email, password },
      { 'X-Forwarded-For': ip },
    );
    return { status, retryAfter: Number(headers.get('retry-after')) };
  }

  async function customerAt(ip: string): Promise<Person> {
    const person = await shop.customer();
    expect((await tryLogin(person.email, PASSWORD, ip)).status).toBe(200);
    return person;
  }

  it('is stopped after five tries a minute on one account from one address', async () => {
    const [ann, ip] = [await shop.customer(), newIp()];
    for (let n = 0; n < 5; n++) expect((await tryLogin(ann.email, 'wrong password', ip)).status).toBe(401);
    const { status, retryAfter } = await tryLogin(ann.email, PASSWORD, ip);
    expect(status).toBe(429);
    expect(retryAfter).toBeGreaterThan(50);
  });

  it('is stopped alike on an account that does not exist', async () => {
    const ip = newIp();
    for (let n = 0; n < 5; n++)
      expect((await tryLogin('ghost@example.com', 'wrong password', ip)).status).toBe(401);
    expect((await tryLogin('ghost@example.com', 'wrong password', ip)).status).toBe(429);
  });

  it('from many addresses is stopped after ten tries, and the owner still gets in from home', async () => {
    const home = newIp();
    const ann = await customerAt(home);
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await tryLogin(ann.email, 'wrong password', newIp())).status);
    // Ann's own first sign-in was one of the ten: nobody knew her home yet.
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 401), 429, 429, 429]);
    expect((await tryLogin(ann.email, PASSWORD, home)).status).toBe(200);
  });

  it('does not stop the owner whose device took another address of the network at home', async () => {
    const ann = await customerAt('2001:db8:5:6::1');
    for (let n = 0; n < 12; n++) await tryLogin(ann.email, 'wrong password', newIp());
    expect((await tryLogin(ann.email, PASSWORD, '2001:db8:5:6:aa:bb:cc:dd')).status).toBe(200);
    expect((await tryLogin(ann.email, PASSWORD, '2001:db8:5:7::1')).status).toBe(429);
  });

  it('on one account does not stop another', async () => {
    const [ann, bob, ip] = [await shop.customer(), await shop.customer(), newIp()];
    for (let n = 0; n < 6; n++) await tryLogin(ann.email, 'wrong password', ip);
    expect((await tryLogin(bob.email, PASSWORD, ip)).status).toBe(200);
  });

  it('does not hash what it stops', async () => {
    const [ann, ip] = [await shop.customer(), newIp()];
    for (let n = 0; n < 5; n++) await tryLogin(ann.email, 'wrong password', ip);
    const failures = (): number => shop.test.logs.filter(({ event }) => event === 'sign_in_failed').length;
    const before = failures();
    await tryLogin(ann.email, 'wrong password', ip);
    expect(failures()).toBe(before);
  });

  it('with a stolen access token is stopped on the password routes, too', async () => {
    const ann = await shop.customer();
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      const body = { currentPassword: `guess number ${n}`, newPassword: 'another horse 43' };
      statuses.push((await ann.api.post('/auth/change-password', body)).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  it('refreshes a session at most ten times a minute', async () => {
    const ann = await shop.customer();
    let { refreshToken } = ann;
    for (let n = 0; n < 10; n++) {
      refreshToken = (await shop.api.post('/auth/refresh', { refreshToken })).body.refreshToken;
    }
    const { status, body } = await shop.api.post('/auth/refresh', { refreshToken });
    expect([status, body.code]).toEqual([429, 'too_many_requests']);
  });
});
