import { createHash } from 'node:crypto';
import { z } from 'zod';
import { INVARIANTS } from '../invariants';

/** Raised when an older release could not read the file any more. */
const FORMAT_VERSION = 1;

const saved = z.object({
  /** As SQL writes it, such as `public.orders`. */
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int().nonnegative(),
  /** Of the rows as COPY writes them. */
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});

const schema = z.object({
  format: z.literal('cartwright-backup'),
  version: z.literal(FORMAT_VERSION),
  madeAt: z.iso.datetime(),
  /** The version of the server. */
  postgres: z.string(),
  /** The names of those that were applied, oldest first. */
  migrations: z.array(z.string()).min(1),
  jobTables: z.int(),
  tables: z.array(saved),
  /** The last value of each; null for one that gave none yet. */
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
  /** How many rows break each invariant; none of them when the tables were too old to look. */
  invariants: z.record(z.string(), z.int()),
});

/** What is known of the rows of a table. */
export type SavedTable = z.output<typeof saved>;

/** What a backup says of itself. */
export type Manifest = z.output<typeof schema>;

export type ManifestFacts = Omit<Manifest, 'format' | 'version'>;

export function manifestOf(facts: ManifestFacts): Manifest {
  return { format: 'cartwright-backup', version: FORMAT_VERSION, ...facts };
}

/** Null for what no release wrote that this one knows. */
export function parseManifest(text: string): Manifest | null {
  return schema.safeParse(json(text)).data ?? null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One SHA-256 over all that the invariants read: two shops with the same one have the same orders, stock and the like. */
export function checksumOfInvariants(tables: readonly SavedTable[]): string {
  const hash = createHash('sha256');
  for (const { name, rows, sha256 } of tables.filter(isReadByInvariants))
    hash.update(`${name} ${rows} ${sha256}\n`);
  return hash.digest('hex');
}

function isReadByInvariants({ name }: SavedTable): boolean {
  const table = new RegExp(`\\b(FROM|JOIN) ${name.replace(/^public\./, '')}\\b`);
  return INVARIANTS.some(({ sql }) => table.test(sql));
}
