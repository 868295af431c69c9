import { newOrderNumber } from './order-number';

describe('order numbers', () => {
  const numbers = Array.from({ length: 2000 }, newOrderNumber);

  it('are short enough to be read aloud, in letters that are not mistaken for digits', () => {
    for (const number of numbers) {
      expect(number).toMatch(/^[A-Z0-9-]{4,24}$/);
      expect(number).toMatch(/^CW-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/);
    }
  });

  it('do not come twice, nor in an order that tells how many there are', () => {
    expect(new Set(numbers).size).toBe(2000);
    expect([...numbers].sort()).not.toEqual(numbers);
  });

  it('use the whole alphabet evenly', () => {
    const counts = new Map<string, number>();
    for (const character of numbers.join('').replace(/CW-|-/g, '')) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    const expected = (2000 * 9) / 32;
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 2);
  });
});
