/*
 * Writes docs/configuration.md: every setting with its default and values from the schema of the settings, and its
 * meaning from the comments of .env.example. `--check` writes nothing and fails when the page is not current. Fails as
 * well when one of the two knows a setting that the other does not.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { CommandError, ensureBuilt, ensureInstalled, inRoot, main } from './ensure.mjs';
import { writeOrCheck } from './generated.mjs';

const page = 'docs/configuration.md';
const command = 'npm run docs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { parseEnv, schema } = createRequire(import.meta.url)(inRoot('dist/src/config/env.js'));
  const groups = readGroups(fs.readFileSync(inRoot('.env.example'), 'utf8'));
  assertSameNames(
    Object.keys(schema.shape),
    groups.flatMap(({ names }) => names),
  );
  const settings = describeSettings(schema, parseEnv);
  writeOrCheck(page, pageOf(groups, settings), command);
  process.stdout.write(`${page} has ${settings.size} settings.\n`);
});

/** Paragraphs of the file: comment lines, then the names that they are about. */
function readGroups(text) {
  const groups = text.split(/\n{2,}/).map((paragraph) => {
    const lines = paragraph.trim().split('\n');
    const names = lines.map((line) => /^# ([A-Z][A-Z0-9_]+)=/.exec(line)?.[1]);
    const meaning = lines.filter((_, index) => !names[index]).map((line) => line.replace(/^# ?/, ''));
    return { names: names.filter(Boolean), meaning: meaning.join(' ') };
  });
  return groups.filter(({ names }) => names.length > 0);
}

function assertSameNames(known, described) {
  const missing = known.filter((name) => !described.includes(name));
  if (missing.length > 0) throw new CommandError(`.env.example does not say what ${missing.join(', ')} is.`);
  const stale = described.filter((name) => !known.includes(name));
  if (stale.length > 0) throw new CommandError(`.env.example has ${stale.join(', ')}, which is no setting.`);
}

function describeSettings(schema, parseEnv) {
  const required = requiredInProduction(parseEnv);
  const given = { DATABASE_URL: 'postgres://db/shop', JWT_SECRET: randomBytes(32).toString('hex') };
  const elsewhere = parseEnv({ NODE_ENV: 'test' });
  const inProduction = parseEnv({ NODE_ENV: 'production', ...given });
  const entries = Object.entries(schema.shape).map(([name, type]) => {
    const values = valuesOf(type);
    const show = (value) => shown(value, values);
    const fixed = type.safeParse(undefined).data;
    if (required.includes(name)) return [name, { values, byDefault: 'none; required in production' }];
    if (fixed !== undefined) return [name, { values, byDefault: show(fixed) }];
    const [other, production] = [elsewhere[name], inProduction[name]].map(show);
    return [
      name,
      { values, byDefault: other === production ? other : `${production} in production, else ${other}` },
    ];
  });
  return new Map(entries);
}

function requiredInProduction(parseEnv) {
  try {
    return parseEnv({ NODE_ENV: 'production' }) && [];
  } catch (error) {
    return [...error.message.matchAll(/(\w+) is required in production/g)].map(([, name]) => name);
  }
}

/** What the innermost type says of itself: the default and "optional" are wrapped around it. */
function valuesOf(type) {
  const inner = type.def.innerType;
  if (type.description || !inner) return type.description ?? type.options?.join(', ') ?? 'text';
  return valuesOf(inner);
}

function shown(value, values) {
  if (value === undefined || value.length === 0) return 'none';
  if (value.address) return `\`${value.name} <${value.address}>\``;
  if (typeof value !== 'boolean') return `\`${value}\``;
  const [yes, no] = values.split(' or ');
  return `\`${value ? yes : no}\``;
}

/** Names that one comment explains share a row. */
function pageOf(groups, settings) {
  const rows = groups.map(({ names, meaning }) => {
    const each = (field) => [...new Set(names.map((name) => settings.get(name)[field]))].join(', ');
    return `| ${names.map((name) => `\`${name}\``).join(', ')} | ${each('byDefault')} | ${each('values')} | ${meaning} |`;
  });
  return `# Settings

From the environment, or the file \`.env\`; the environment wins. A bad value stops the start with a line that names it.
An empty value is the same as none. Written by \`${command}\` from the schema in src/config/env.ts and the comments of
.env.example; do not edit.

| name | default | values | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
