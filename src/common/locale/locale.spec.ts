import { localeOf } from './locale';

describe('the locale of a person', () => {
  it.each([
    [['de-CH', 'de', 'en'], 'de-CH'],
    [['zh-hant-tw'], 'zh-Hant-TW'],
    [['EN-us'], 'en-US'],
    [['es-419'], 'es-419'],
    [['iw'], 'he'],
    [['th-TH-u-ca-buddhist-nu-thai'], 'th-TH'],
    [['sl-rozaj-biske-1994'], 'sl'],
    [['tlh', 'xx-YY', 'fr'], 'fr'],
  ])('of %j is %s', (languages, locale) => {
    expect(localeOf(languages)).toBe(locale);
  });

  it.each([
    [[]],
    [['*']],
    [['']],
    [['english']],
    [['x-private']],
    [['de_DE']],
    [["'; DROP"]],
    [['a'.repeat(99)]],
  ])('is not known from %j', (languages) => {
    expect(localeOf(languages)).toBeNull();
  });
});
