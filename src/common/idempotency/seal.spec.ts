import { sealed, sealOf, unsealed } from './seal';

const REQUEST = Buffer.alloc(32, 1);

describe('a seal', () => {
  const seal = sealOf('server secret', REQUEST, 'ann key');

  it('opens what it closed, and shows another text each time', () => {
    const [one, other] = [sealed('tokens', seal), sealed('tokens', seal)];
    expect([unsealed(one, seal), unsealed(other, seal)]).toEqual(['tokens', 'tokens']);
    expect(one).not.toBe(other);
    expect(Buffer.from(one, 'base64').toString('latin1')).not.toContain('tokens');
  });

  it.each([
    ['another server', sealOf('other secret', REQUEST, 'ann key')],
    ['another request', sealOf('server secret', Buffer.alloc(32, 2), 'ann key')],
    ['another key', sealOf('server secret', REQUEST, 'ann other')],
  ])('of %s neither knows it nor opens it', (_, other) => {
    expect(other.mark.equals(seal.mark)).toBe(false);
    expect(() => unsealed(sealed('tokens', seal), other)).toThrow();
  });

  it('notices a change', () => {
    const bytes = Buffer.from(sealed('tokens', seal), 'base64');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    expect(() => unsealed(bytes.toString('base64'), seal)).toThrow();
  });
});
