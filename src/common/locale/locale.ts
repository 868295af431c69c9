/** Where nothing else is known. */
export const DEFAULT_LOCALE = 'en';

/**
 * The first of these languages, the most wanted first, that amounts and dates can be written in, as BCP 47 has it:
 * language, script and region, `de-CH`. Extensions are left out, as they would choose another calendar or digits.
 * @returns null when there is none
 */
export function localeOf(languages: readonly string[]): string | null {
  for (const language of languages) {
    const locale = parse(language);
    if (locale !== null) return locale;
  }
  return null;
}

function parse(tag: string): string | null {
  try {
    const { language, script, region } = new Intl.Locale(tag);
    const locale = [language, script, region].filter((part) => part !== undefined).join('-');
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0 ? locale : null;
  } catch {
    return null;
  }
}
