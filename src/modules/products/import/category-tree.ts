import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChanges } from '../../../common/audit/audit';
import { slugFrom } from '../../../common/text/slug';
import { BatchRaced } from './batch-raced';
import { findFreeSlugs } from './free-slugs';

type CategoryPath = readonly string[];

interface CategoryNode {
  id: string;
  name: string;
  parentId: string | null;
}

/** A path of names from the root as the id of its category. */
export type CategoryLookup = (path: CategoryPath) => string;

/**
 * Finds the categories of the paths, by exact names, and makes those that are missing. The caller holds the
 * import's lock, so that two imports do not make the same one twice. A dry run writes nothing and gives ids
 * that nobody has.
 * @throws BatchRaced when someone else took a slug in between
 */
export async function findOrCreateCategories(
  paths: readonly CategoryPath[],
  { dryRun }: { dryRun: boolean },
  tx: EntityManager,
): Promise<CategoryLookup> {
  const nodes = await loadNodes(paths, tx);
  const ids = new Map(nodes.map((node) => [keyOf(node), node.id] as const).reverse());
  const missing = addMissing(paths, ids);
  if (missing.length > 0 && !dryRun) await insertNodes(missing, tx);
  return (path) => walk(path, ids).id;
}

/** Every category that has one of the names: more than are needed, but one query for any depth. Oldest first. */
async function loadNodes(paths: readonly CategoryPath[], tx: EntityManager): Promise<CategoryNode[]> {
  const names = [...new Set(paths.flat())];
  if (names.length === 0) return [];
  return tx.query<CategoryNode[]>(
    `SELECT id, name, parent_id AS "parentId" FROM categories WHERE name = ANY($1) ORDER BY created_at, id`,
    [names],
  );
}

function keyOf({ parentId, name }: Pick<CategoryNode, 'parentId' | 'name'>): string {
  return `${parentId ?? 'root'}/${name}`;
}

/** Gives every node of the paths an id, and returns the new ones, parents first. */
function addMissing(paths: readonly CategoryPath[], ids: Map<string, string>): CategoryNode[] {
  const missing: CategoryNode[] = [];
  for (const path of paths) {
    let parentId: string | null = null;
    for (const name of path) {
      const known: string | undefined = ids.get(keyOf({ parentId, name }));
      const id: string = known ?? uuidv7();
      if (!known) {
        missing.push({ id, name, parentId });
        ids.set(keyOf({ parentId, name }), id);
      }
      parentId = id;
    }
  }
  return missing;
}

function walk(path: CategoryPath, ids: ReadonlyMap<string, string>): { id: string } {
  const id = path.reduce<string | null>((parentId, name) => ids.get(keyOf({ parentId, name })) ?? null, null);
  if (id === null) throw new RangeError('a category path was not prepared');
  return { id };
}

async function insertNodes(nodes: readonly CategoryNode[], tx: EntityManager): Promise<void> {
  const slugs = await findFreeSlugs(
    'categories',
    nodes.map(({ id, name }) => ({ id, slug: slugFrom(name, 'category') })),
    tx,
  );
  const categories = nodes.map((node) => ({ ...node, slug: slugs.get(node.id) }));
  const rows = categories.map(({ parentId, ...rest }) => ({ ...rest, parent_id: parentId }));
  const made = await tx.query<unknown[]>(
    `INSERT INTO categories (id, name, slug, parent_id)
     SELECT id, name, slug, parent_id
     FROM json_to_recordset($1) AS given (id uuid, name text, slug text, parent_id uuid)
     ON CONFLICT DO NOTHING
     RETURNING id`,
    [JSON.stringify(rows)],
  );
  if (made.length < nodes.length) throw new BatchRaced('a category slug was taken');
  await recordChanges(
    categories.map((category) => {
      return { action: 'category.created', id: category.id, before: null, after: category };
    }),
    tx,
  );
}
