const EXAMPLE_WORDS = /change.?me|example|secret|password|default/i;
const MAX_PERIOD = 16;

/** Few distinct characters, a short pattern that repeats, a sequence that counts, or the words of an example. */
export function isWeakSecret(secret: string): boolean {
  const hasFewCharacters = new Set(secret).size < 10;
  return hasFewCharacters || repeatsItself(secret) || counts(secret) || EXAMPLE_WORDS.test(secret);
}

function repeatsItself(secret: string): boolean {
  const periods = Array.from({ length: MAX_PERIOD }, (_, index) => index + 1);
  return periods.some((period) => secret.startsWith(secret.slice(period)));
}

/** `abcdef…`, `123456…`: most characters follow the one before. */
function counts(secret: string): boolean {
  const steps = Array.from(
    secret.slice(1),
    (_, index) => secret.charCodeAt(index + 1) - secret.charCodeAt(index),
  );
  return steps.filter((step) => Math.abs(step) === 1).length > steps.length / 2;
}
