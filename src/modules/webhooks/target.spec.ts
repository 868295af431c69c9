import { assertTarget, guardedLookup, isAllowedAddress } from './target';

const STRICT = { allowLoopback: false };
const OPEN = { allowLoopback: true };

const PRIVATE =
  `0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1
  192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
  :: ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:10.0.0.1 ::10.0.0.1 ::a00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1
  2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:a00:1:: 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1
  fe80::1%eth0 fec0::1 ff02::1`.split(/\s+/);

describe('what a webhook may call', () => {
  it.each(PRIVATE)('is not %s', (address) => {
    expect([isAllowedAddress(address, STRICT), isAllowedAddress(address, OPEN)]).toEqual([false, false]);
  });

  it.each(['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'is %s where this machine is allowed, and nowhere else',
    (address) => {
      expect([isAllowedAddress(address, STRICT), isAllowedAddress(address, OPEN)]).toEqual([false, true]);
    },
  );

  it.each([
    '8.8.8.8',
    '93.184.215.14',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
  ])('is %s', (address) => {
    expect([isAllowedAddress(address, STRICT), isAllowedAddress(address, OPEN)]).toEqual([true, true]);
  });

  it.each(['', 'localhost', '256.1.1.1', '8.8.8.8/32'])('is no address: %j', (text) => {
    expect(isAllowedAddress(text, STRICT)).toBe(false);
  });

  it.each([
    ['http://8.8.8.8/', 'https'],
    ['https://ann:secret@8.8.8.8/', 'credentials'],
    ['https://ann@8.8.8.8/', 'credentials'],
    ['https://8.8.8.8/#part', 'fragment'],
    ['https://10.0.0.1/', 'not_public'],
    ['https://2130706433/', 'not_public'],
    ['https://0x7f.1/', 'not_public'],
    ['https://0177.0.0.1/', 'not_public'],
    ['https://①②⑦.0.0.1/', 'not_public'],
    ['https://[::ffff:169.254.169.254]/', 'not_public'],
    ['https://localhost/', 'not_public'],
    ['https://nowhere.invalid/', 'unknown_host'],
  ])('is not %s: %s', async (url, code) => {
    await expect(assertTarget(url, STRICT)).rejects.toMatchObject({ errors: [{ field: 'url', code }] });
  });

  it('is https on the Internet, and http on this machine where that is allowed', async () => {
    await expect(assertTarget('https://8.8.8.8:8443/hooks?shop=1', STRICT)).resolves.toBeUndefined();
    await expect(assertTarget('http://127.0.0.1:3000/', OPEN)).resolves.toBeUndefined();
    await expect(assertTarget('http://localhost:3000/', OPEN)).resolves.toBeUndefined();
    await expect(assertTarget('http://8.8.8.8/', OPEN)).rejects.toThrow();
  });

  it.each([true, false])('is answered in the form that a socket asks for, all: %s', async (all) => {
    const found = await new Promise((resolve, reject) => {
      guardedLookup(OPEN)('localhost', { all, family: 4 }, (error, address) =>
        error ? reject(error) : resolve(address),
      );
    });
    expect(found).toEqual(all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1');
  });
});
