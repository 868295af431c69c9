import type { EntityManager } from 'typeorm';

/**
 * The common table expressions, for a `WITH RECURSIVE`, of the paths of some categories: `paths (id, names)`, names
 * from the root.
 * @param ids a query for the ids of the categories
 */
export function pathsOf(ids: string): string {
  return `above AS (
      SELECT id AS leaf, name, parent_id, 0 AS height FROM categories WHERE id IN (${ids})
      UNION ALL
      SELECT a.leaf, c.name, c.parent_id, a.height + 1 FROM above a JOIN categories c ON c.id = a.parent_id
    ), paths AS (
      SELECT leaf AS id, array_agg(name ORDER BY height DESC) AS names FROM above GROUP BY leaf
    )`;
}

/** The names from the root to each of these categories, by id. */
export async function findCategoryPaths(
  ids: readonly string[],
  tx: EntityManager,
): Promise<Map<string, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<{ id: string; names: string[] }[]>(
    `WITH RECURSIVE ${pathsOf('SELECT unnest($1::uuid[])')} SELECT id, names FROM paths`,
    [ids],
  );
  return new Map(rows.map(({ id, names }) => [id, names]));
}
