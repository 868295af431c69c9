import type { EntityManager } from 'typeorm';

interface WantedSlug {
  id: string;
  slug: string;
}

const TAKEN = {
  products: 'SELECT slug FROM products WHERE slug = ANY($1) AND deleted_at IS NULL',
  categories: 'SELECT slug FROM categories WHERE slug = ANY($1)',
} as const;

/**
 * A slug for each new row, by id: the one it wants, or else with a suffix. One query, however many are wanted:
 * `-2` to `-9` are tried, and after them a part of the row's own id, which nobody else has.
 */
export async function findFreeSlugs(
  table: keyof typeof TAKEN,
  wanted: readonly WantedSlug[],
  tx: EntityManager,
): Promise<Map<string, string>> {
  if (wanted.length === 0) return new Map();
  const candidates = [...new Set(wanted.flatMap(candidatesFor))];
  const rows = await tx.query<{ slug: string }[]>(TAKEN[table], [candidates]);
  return assignSlugs(wanted, new Set(rows.map(({ slug }) => slug)));
}

function assignSlugs(wanted: readonly WantedSlug[], taken: Set<string>): Map<string, string> {
  const slugs = new Map<string, string>();
  for (const one of wanted) {
    const free = candidatesFor(one).find((candidate) => !taken.has(candidate)) ?? one.id;
    taken.add(free);
    slugs.set(one.id, free);
  }
  return slugs;
}

function candidatesFor({ id, slug }: WantedSlug): string[] {
  return [slug, ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${slug}-${number}`), `${slug}-${id.slice(-12)}`];
}
