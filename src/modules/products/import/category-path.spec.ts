import fc from 'fast-check';
import { formatCategoryPath, parseCategoryPath } from './category-path';

describe('a category path', () => {
  it.each([
    [['Home'], 'Home'],
    [['Home', 'Lamps'], 'Home > Lamps'],
    [['Pots > Pans', 'Lids'], 'Pots \\> Pans > Lids'],
    [['a > > b', 'c'], 'a \\> \\> b > c'],
    [['more >', '> less'], 'more \\> > \\> less'],
    [['a \\> b', '\\\\>'], 'a \\\\> b > \\\\\\>'],
    [['a', '>', '>', 'b'], 'a > \\> > \\> > b'],
    [['1>2', '3'], '1>2 > 3'],
  ])('writes %j as %s and reads it back', (names, path) => {
    expect(formatCategoryPath(names)).toBe(path);
    expect(parseCategoryPath(path)).toEqual(names);
  });

  it('reads back whatever names it wrote', () => {
    const name = fc
      .string({ unit: fc.constantFrom('>', ' ', '\\', 'a', '\n'), maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => text !== '');
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        expect(parseCategoryPath(formatCategoryPath(names))).toEqual(names);
      }),
    );
  });

  it('takes a > at the ends of a name as it is', () => {
    expect(parseCategoryPath('Home > > less')).toEqual(['Home', '> less']);
  });

  it('trims names and keeps empty ones for the caller to refuse', () => {
    expect(parseCategoryPath('Home >   > Lamps ')).toEqual(['Home', '', 'Lamps']);
  });
});
