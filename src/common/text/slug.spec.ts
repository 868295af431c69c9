import { firstFreeSlug, MAX_SLUG, SLUG_PATTERN, slugFrom, unreservedSlug } from './slug';

describe('a slug made from a name', () => {
  it.each([
    ['Desk Lamp', 'desk-lamp'],
    ['  Café — Crème  ', 'cafe-creme'],
    ['Żółta Łódź', 'zolta-lodz'],
    ['Größe 42½', 'groesse-42'],
    ['100% Wool!', '100-wool'],
    ['a/b\\c?d=e', 'a-b-c-d-e'],
    ['iPhone 15 Pro by McKenzie', 'iphone-15-pro-by-mckenzie'],
  ])('of %s is made of plain words', (name, slug) => {
    expect(slugFrom(name, 'product')).toBe(slug);
  });

  it.each(['日本語', '!!!', '💡', ''])('of "%s", which has no letter for it, is the fallback', (name) => {
    expect(slugFrom(name, 'product')).toBe('product');
  });

  it('has the form of a slug and leaves room for a suffix, however long the name', () => {
    for (const name of ['lamp '.repeat(100), 'x'.repeat(500), `${'x'.repeat(89)} yz`]) {
      const slug = slugFrom(name, 'product');
      expect(slug).toMatch(SLUG_PATTERN);
      expect(slug.length + '-1000000'.length).toBeLessThanOrEqual(MAX_SLUG);
    }
  });

  it.each(['tree', 'featured', 'suggest', 'facets', 'export', 'import'])('is never the route %s', (word) => {
    expect(slugFrom(word, 'product')).toBe(`${word}-2`);
    expect(slugFrom(word.toUpperCase(), 'product')).toBe(`${word}-2`);
  });

  it('is never taken for an id', () => {
    const id = '01900000-0000-7000-8000-000000000000';
    expect(unreservedSlug(id)).toBe(`${id}-2`);
  });

  it('takes the first suffix that is free', () => {
    expect(firstFreeSlug('lamp', new Set())).toBe('lamp');
    expect(firstFreeSlug('lamp', new Set(['lamp-2']))).toBe('lamp');
    expect(firstFreeSlug('lamp', new Set(['lamp', 'lamp-2', 'lamp-4']))).toBe('lamp-3');
  });
});
