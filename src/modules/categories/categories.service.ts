import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChange } from '../../common/audit/audit';
import { Replicas } from '../../common/database/replicas';
import { containsPattern, SqlFilter } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { translated } from '../../common/database/translated';
import { notFound } from '../../common/errors/domain-error';
import { type Precondition, versionTag } from '../../common/http/etag';
import type { ListPage } from '../../common/http/page.response';
import { mapPage } from '../../common/http/pagination';
import { isUuid } from '../../common/http/path.pipes';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { type ListSource, Lists } from '../../common/lists/lists';
import { type SortColumn, sortOrder } from '../../common/lists/sort-order';
import { firstFreeSlug, slugFrom, unreservedSlug } from '../../common/text/slug';
import { categoryCycle, translateCategoryError, unknownParent } from './categories.errors';
import { buildTree } from './category-tree';
import type { CreateCategoryDto, UpdateCategoryDto } from './dto/category.dto';
import type { CategoryResponse, CategoryTree } from './dto/category.response';
import type { ListCategoriesQuery } from './dto/list-categories.query';
import { Category } from './entities/category.entity';

const SORT_COLUMNS: Record<string, SortColumn> = {
  name: { sql: 'name', type: 'text' },
  position: { sql: 'position', type: 'integer' },
  createdAt: { sql: 'created_at', type: 'timestamptz' },
};

/**
 * The advisory lock under which the tree changes its shape and slugs are given, so that two moves cannot close
 * a circle and a slug that is made stays free until it is written.
 */
export const CATEGORY_TREE_LOCK = 727_002;

/** The tree is read whole: more categories than this are not shown in it. */
const MAX_TREE = 10_000;

@Injectable()
export class CategoriesService {
  constructor(
    private readonly replicas: Replicas,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
  ) {}

  async list(query: ListCategoriesQuery): Promise<ListPage<CategoryResponse>> {
    const page = await this.replicas.read((db) => this.lists.read(sourceOf(query), query, db));
    return mapPage(page, toCategoryResponse);
  }

  async tree(): Promise<CategoryTree> {
    const [categories, counts] = await this.replicas.read(readTree);
    const countOf = new Map(counts.map(({ id, count }) => [id, count]));
    return { data: buildTree(categories.map(toCategoryResponse), countOf) };
  }

  /** @throws DomainError `not_found` */
  async get(idOrSlug: string): Promise<CategoryResponse> {
    const where = isUuid(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug };
    const category = await this.replicas.read((db) => db.findOneBy(Category, where));
    if (!category) throw notFound('category');
    return toCategoryResponse(category);
  }

  /** @throws DomainError `slug_taken`, `validation_failed` for an unknown parent */
  create(dto: CreateCategoryDto, request: IdempotentRequest): Promise<CategoryResponse> {
    return this.idempotency.run(request, async (tx) => {
      await lockTree(tx);
      await assertParent(dto.parentId, tx);
      const id = uuidv7();
      const slug = dto.slug ? unreservedSlug(dto.slug) : await freeSlug(slugFrom(dto.name, 'category'), tx);
      const { name, description = null, parentId = null, position = 0 } = dto;
      await translated(
        tx.insert(Category, { id, name, slug, description, parentId, position }),
        translateCategoryError,
      );
      const category = toCategoryResponse(await tx.findOneByOrFail(Category, { id }));
      await recordChange({ action: 'category.created', id, before: null, after: { ...category } }, tx);
      return category;
    });
  }

  /** @throws DomainError `not_found`, `version_mismatch`, `slug_taken`, `category_cycle`, `validation_failed` */
  update(id: string, dto: UpdateCategoryDto, ifMatch: Precondition): Promise<CategoryResponse> {
    return this.transactions.run(async (tx) => {
      if (dto.parentId !== undefined || dto.slug !== undefined) await lockTree(tx);
      const category = await lockCategory(id, ifMatch, tx);
      if (dto.parentId && dto.parentId !== category.parentId) await assertNoCycle(id, dto.parentId, tx);
      await assertParent(dto.parentId, tx);
      const slug = dto.slug && { slug: unreservedSlug(dto.slug) };
      await translated(
        tx.update(
          Category,
          { id },
          { ...dto, ...slug, version: () => 'version + 1', updatedAt: () => 'now()' },
        ),
        translateCategoryError,
      );
      const updated = toCategoryResponse(await tx.findOneByOrFail(Category, { id }));
      const facts = { before: { ...toCategoryResponse(category) }, after: { ...updated } };
      await recordChange({ action: 'category.updated', id, ...facts }, tx);
      return updated;
    });
  }

  /** Like {@link update}; what is left out goes back to its default, but the slug stays. */
  replace(id: string, dto: CreateCategoryDto, ifMatch: Precondition): Promise<CategoryResponse> {
    const { name, slug, description = null, parentId = null, position = 0 } = dto;
    return this.update(
      id,
      { name, ...(slug !== undefined && { slug }), description, parentId, position },
      ifMatch,
    );
  }

  /** @throws DomainError `not_found`, `version_mismatch`, `category_in_use` */
  async remove(id: string, ifMatch: Precondition): Promise<void> {
    await this.transactions.run(async (tx) => {
      const category = toCategoryResponse(await lockCategory(id, ifMatch, tx));
      await translated(tx.delete(Category, { id }), translateCategoryError);
      await recordChange({ action: 'category.deleted', id, before: { ...category }, after: null }, tx);
    });
  }
}

function sourceOf({ q, parentId, sort = ['position', 'name'] }: ListCategoriesQuery): ListSource<Category> {
  const filter = new SqlFilter()
    .addIf(q ? containsPattern(q) : undefined, '(name ILIKE ? OR slug ILIKE ? OR description ILIKE ?)')
    .addIf(parentId, 'parent_id = ?');
  return { name: 'categories', entity: Category, filter, order: sortOrder(sort, SORT_COLUMNS) };
}

function toCategoryResponse(category: Category): CategoryResponse {
  const { id, name, slug, description, parentId, position, version, createdAt, updatedAt } = category;
  return {
    id,
    name,
    slug,
    description,
    parentId,
    position,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** All categories in their order, and how many active products are directly in each. */
function readTree(db: EntityManager): Promise<[Category[], { id: string; count: number }[]]> {
  return Promise.all([
    db.find(Category, { order: { position: 'ASC', name: 'ASC', id: 'ASC' }, take: MAX_TREE }),
    db.query<{ id: string; count: number }[]>(
      `SELECT category_id AS id, count(*)::int AS count FROM products
        WHERE status = 'active' AND deleted_at IS NULL AND category_id IS NOT NULL GROUP BY category_id`,
    ),
  ]);
}

/** The entity tag of a category. */
export function categoryTag({ version }: { version: number }): string {
  return versionTag(version);
}

async function lockTree(tx: EntityManager): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [CATEGORY_TREE_LOCK]);
}

async function lockCategory(id: string, ifMatch: Precondition, tx: EntityManager): Promise<Category> {
  const category = await tx.findOne(Category, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!category) throw notFound('category');
  ifMatch.assertMatches(categoryTag(category));
  return category;
}

/** Holds the parent, so that it cannot go before we commit. */
async function assertParent(parentId: string | null | undefined, tx: EntityManager): Promise<void> {
  if (!parentId) return;
  const rows = await tx.query<unknown[]>('SELECT FROM categories WHERE id = $1 FOR KEY SHARE', [parentId]);
  if (rows.length === 0) throw unknownParent();
}

/** @throws DomainError `category_cycle` when `parentId` is `id` or below it */
async function assertNoCycle(id: string, parentId: string, tx: EntityManager): Promise<void> {
  const rows = await tx.query<unknown[]>(
    `WITH RECURSIVE above AS (
       SELECT id, parent_id FROM categories WHERE id = $1
       UNION SELECT c.id, c.parent_id FROM categories c JOIN above a ON c.id = a.parent_id)
     SELECT FROM above WHERE id = $2`,
    [parentId, id],
  );
  if (rows.length > 0) throw categoryCycle();
}

async function freeSlug(slug: string, tx: EntityManager): Promise<string> {
  const rows = await tx.query<{ slug: string }[]>(
    'SELECT slug FROM categories WHERE slug = $1 OR slug LIKE $2',
    [slug, `${slug}-%`],
  );
  return firstFreeSlug(slug, new Set(rows.map((row) => row.slug)));
}
