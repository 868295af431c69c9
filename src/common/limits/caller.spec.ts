import { callerOf } from './caller';

describe('a caller who is not signed in', () => {
  it.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['::1', '127.0.0.1'],
  ])('at %s is another than at %s', (one, other) => {
    expect(callerOf(one)).not.toBe(callerOf(other));
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['2001:DB8:0:1:0:0:0:1', '2001:db8::1:0:0:0:2'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
  ])('at %s is the same as at %s', (one, other) => {
    expect(callerOf(one)).toBe(callerOf(other));
  });

  it('has a name even when the address is not known', () => {
    expect(callerOf(undefined)).toBe(callerOf(null));
  });
});
