import { Precondition, versionTag } from './etag';

describe('the entity tag of something with a version', () => {
  it('is the version, where the answer shows nothing of others', () => {
    expect(versionTag(7)).toBe('"7"');
  });

  it('starts with the version and changes with what is shown of others', () => {
    const tag = versionTag(7, { category: 'Lamps' });
    expect(tag).toMatch(/^"7\.[\w-]+"$/);
    expect(versionTag(7, { category: 'Lamps' })).toBe(tag);
    expect(versionTag(7, { category: 'Chairs' })).not.toBe(tag);
    expect(versionTag(8, { category: 'Lamps' })).not.toBe(tag);
    expect(versionTag(7, null)).not.toBe(versionTag(7));
  });
});

describe('a write that expects a state', () => {
  const isMet = (header: string | undefined, current: string): boolean => {
    try {
      new Precondition(header).assertMatches(current);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'version_mismatch' });
      return false;
    }
  };

  it.each([
    [undefined, '"7.abc"'],
    ['*', '"7.abc"'],
    ['"7.abc"', '"7.abc"'],
    ['"7"', '"7.abc"'],
    ['"7"', '"7"'],
    ['W/"7.abc"', '"7.abc"'],
    ['"5", "7"', '"7.abc"'],
  ])('goes ahead with If-Match %s when it is %s', (header, current) => {
    expect(isMet(header, current)).toBe(true);
  });

  it.each([
    ['"6"', '"7"'],
    ['"7.old"', '"7.abc"'],
    ['"7.abc"', '"7"'],
    ['"70"', '"7"'],
    ['7', '"7"'],
    ['""', '"7"'],
    ['', '"7"'],
    ['"7', '"7"'],
  ])('does not go ahead with If-Match %s when it is %s', (header, current) => {
    expect(isMet(header, current)).toBe(false);
  });
});
