import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { cursorPageOf, pageOf, pageWindow } from '../../../common/http/pagination';
import { Cursors } from '../../../common/lists/cursors';
import { boundTo } from '../../../common/lists/lists';
import { addAfter } from '../../../common/lists/sort-order';
import { ENV, type Env } from '../../../config/env';
import type { ListProductsQuery } from '../dto/list-products.query';
import type { ProductCursorMeta, ProductPageMeta } from '../dto/product.response';
import type { ProductRow } from '../product-view';
import { type FoundProducts, findProducts, resumeProducts } from './find-products';
import { KeptCounts } from './kept-counts';
import { KnownProducts } from './known-products';
import { type ListPart, listParts, type ListRequest, readShape, writeShape } from './list-plan';
import { type PlacedRow, readParts } from './read-parts';
import { resolveFilters } from './product-filter';
import { findSearchTerms, type Match } from './search-words';

/** A page of products, before it is shown. */
export interface ProductRows {
  data: ProductRow[];
  meta: ProductPageMeta | ProductCursorMeta;
}

/** Reads the product lists: filters, search, order, and both ways of paging, in a bounded number of statements. */
@Injectable()
export class ProductLists {
  constructor(
    private readonly cursors: Cursors,
    private readonly counts: KeptCounts,
    private readonly known: KnownProducts,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws DomainError `validation_failed` for a bad cursor, or a price with more digits than its currency has */
  async read(query: ListProductsQuery, db: EntityManager): Promise<ProductRows> {
    const filters = await resolveFilters(query, this.env.STORE_CURRENCY, db);
    const terms = await findSearchTerms(query.q, db);
    const request: ListRequest = { filters, terms, sort: query.sort ?? ['relevance'] };
    return query.cursor === undefined
      ? this.readNumbered(request, query, db)
      : this.readAfter(request, query, db);
  }

  private async readNumbered(
    request: ListRequest,
    query: ListProductsQuery,
    db: EntityManager,
  ): Promise<ProductRows> {
    const window = pageWindow(query);
    const found = await findProducts(request, this.counts, db);
    const placed = await readParts(partsOf(found), { ...window, withKeys: false }, this.known, db);
    const rows = placed.map(({ row }) => row);
    const { items, isEstimate } = found.count ?? { items: 0, isEstimate: false };
    // An estimate must not hide the rows that are there.
    const total = isEstimate ? Math.max(items, window.offset + rows.length) : items;
    const { data, meta } = pageOf(rows, total, window);
    return { data, meta: { ...meta, ...(isEstimate && { isEstimate }), ...matchOf(found) } };
  }

  /** All pages keep to what the first one found out, which their cursors carry. */
  private async readAfter(
    request: ListRequest,
    query: ListProductsQuery,
    db: EntityManager,
  ): Promise<ProductRows> {
    const list = boundTo('products', query);
    const { limit } = pageWindow(query);
    const place = query.cursor ? this.cursors.read(query.cursor, list) : null;
    const found = await this.foundAt(place, request, db);
    const firstPart = Number(place?.[1] ?? 0);
    const parts = partsOf(found).slice(firstPart);
    if (place && parts[0]) addAfter(parts[0].filter, parts[0].order, place.slice(2));
    const window = { limit: limit + 1, offset: 0, withKeys: true };
    const placed = await readParts(parts, window, this.known, db);
    const placeOf = ({ part, sortKey }: PlacedRow): string[] => [
      writeShape(found.shape),
      String(firstPart + part),
      ...sortKey,
    ];
    const { data, meta } = cursorPageOf(placed, limit, (row) => this.cursors.write(placeOf(row), list));
    return { data: data.map(({ row }) => row), meta: { ...(meta as ProductCursorMeta), ...matchOf(found) } };
  }

  /** Without words and category, an index has the order whatever the size: nothing needs to be counted. */
  private foundAt(
    place: readonly string[] | null,
    request: ListRequest,
    db: EntityManager,
  ): Promise<FoundProducts> {
    if (place) return resumeProducts(request, readShape(place[0]), db);
    if (request.terms || request.filters.branch) return findProducts(request, this.counts, db);
    return resumeProducts(request, { match: 'all', isFew: false, areBestFew: false, words: [] }, db);
  }
}

/** Where nothing was found there is nothing to read. */
function partsOf({ request, shape, count }: FoundProducts): ListPart[] {
  return count?.items === 0 ? [] : listParts(request, shape);
}

/** How a search was relaxed; nothing where it was not. */
function matchOf({ shape: { match } }: FoundProducts): { match?: Exclude<Match, 'all'> } {
  return match === 'all' ? {} : { match };
}
