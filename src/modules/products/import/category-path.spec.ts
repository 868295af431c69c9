import { formatCategoryPath, parseCategoryPath } from './category-path';

describe('a category path', () => {
  it.each([
    [['Home'], 'Home'],
    [['Home', 'Lamps'], 'Home > Lamps'],
    [['Pots > Pans', 'Lids'], 'Pots \\> Pans > Lids'],
    [['a > > b', 'c'], 'a \\> \\> b > c'],
    [['more >', '> less'], 'more \\> > > less'],
    [['1>2', '3'], '1>2 > 3'],
  ])('writes %j as %s and reads it back', (names, path) => {
    expect(formatCategoryPath(names)).toBe(path);
    expect(parseCategoryPath(path)).toEqual(names);
  });

  it('trims names and keeps empty ones for the caller to refuse', () => {
    expect(parseCategoryPath('Home >   > Lamps ')).toEqual(['Home', '', 'Lamps']);
  });
});
