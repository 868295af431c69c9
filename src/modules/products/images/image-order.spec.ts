import fc from 'fast-check';
import { placed } from './image-order';

describe('the order of images', () => {
  it.each<[string, string, number | undefined, string]>([
    ['abc', 'd', undefined, 'abcd'],
    ['abc', 'd', 0, 'dabc'],
    ['abc', 'd', 2, 'abdc'],
    ['abc', 'd', 99, 'abcd'],
    ['', 'd', 5, 'd'],
    ['abc', 'a', 1, 'bac'],
    ['abc', 'a', 2, 'bca'],
    ['abc', 'c', 0, 'cab'],
    ['abc', 'b', 1, 'abc'],
    ['abc', 'a', 99, 'bca'],
  ])('of %s with %s put at %s', (before, id, position, after) => {
    expect(placed([...before], id, position).join('')).toBe(after);
  });

  it('loses and doubles none', () => {
    const ids = fc.uniqueArray(fc.uuid(), { maxLength: 20 });
    fc.assert(
      fc.property(ids, fc.uuid(), fc.nat(30), (before, id, position) => {
        const after = placed(before, id, position);
        expect(after.toSorted()).toEqual([...new Set([...before, id])].toSorted());
        expect(after.indexOf(id)).toBe(Math.min(position, after.length - 1));
        expect(after.filter((other) => other !== id)).toEqual(before.filter((other) => other !== id));
      }),
    );
  });
});
