/** A rule of ours over one statement, for what squawk does not look at. */
interface StatementRule {
  name: string;
  pattern: RegExp;
  message: string;
  /** Whether it holds in a migration without a transaction, too. */
  alsoOutsideTransactions: boolean;
}

/** Where a statement begins: at the start, or behind the one before. */
const rule = (
  name: string,
  words: RegExp,
  message: string,
  alsoOutsideTransactions = true,
): StatementRule => ({
  name,
  pattern: new RegExp(`(?:^|;)\\s*(?:${words.source})`, 'i'),
  message,
  alsoOutsideTransactions,
});

export const STATEMENT_RULES: readonly StatementRule[] = [
  rule(
    'keep-lock-timeout',
    /(?:re)?set\s+(?:session\s+|local\s+)?lock_timeout\b/,
    'The connection of migrations has a short lock_timeout: everybody queues behind a statement that waits.',
    false,
  ),
  rule(
    'no-table-lock',
    /lock\b|cluster\b|vacuum\s+(?:\(\s*)?full\b|refresh\s+materialized\s+view\s+(?!concurrently)/,
    'It keeps others out of the table while it runs.',
  ),
  rule(
    'no-change-of-rows',
    /(?:with\b[^;]*\b)?(?:update|delete\s+from|truncate)\b/,
    'Rows that it changes stay locked until it is done: change many rows in steps, outside of a migration.',
  ),
  rule(
    'no-drop-in-use',
    /drop\s+(?:view|materialized\s+view|function|procedure|trigger|type|schema|sequence|extension)\b/,
    'The release that still runs may use it.',
  ),
  rule('no-hidden-statement', /do\b/, 'What a DO block executes cannot be checked.'),
];

/** Rules of squawk that do not hold here. */
export const SQUAWK_RULES_LEFT_OUT = [
  // The connection of migrations sets lock_timeout, and a migration of many rows may take its time.
  'require-timeout-settings',
  'require-lock-timeout',
  'require-statement-timeout',
  // Matters of style, which the migrations before them decided.
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'prefer-identity',
  'prefer-text-field',
  'prefer-timestamp-tz',
  'ban-char-field',
] as const;
