import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SqlFilter } from '../../../common/database/sql';
import { currencyDigits } from '../../../common/money/currency';
import { ENV, type Env } from '../../../config/env';
import type { ProductFilters } from '../dto/list-products.query';
import type { ProductFacets as Facets } from '../dto/product-facets.response';
import { type Facet, facetStatement } from './facet-sql';
import { KeptCounts } from './kept-counts';
import { findProducts, type FoundProducts } from './find-products';
import { type BandRow, priceBands, type PriceRange } from './price-bands';
import { type FilterName, productFilter, resolveFilters } from './product-filter';
import { addMatch } from './search-query';
import { findSearchTerms } from './search-words';

/** Of more products than can be counted, about so many stand for all. */
const SAMPLE_SIZE = 5_000;
const SAMPLE_PARTS = 1_000;

/** Which filter a facet leaves out: its own. */
const OWN_FILTER: Record<Facet, FilterName | null> = {
  categories: 'category',
  price: 'price',
  inStock: 'inStock',
  attributes: null,
};

interface Counts {
  size: number;
  categories: Facets['categories'];
  price: PriceRange & { bands: BandRow[] };
  inStock: number;
  attributes: Facets['attributes'];
}

/** Counts what the products of a list have in common. */
@Injectable()
export class ProductFacets {
  constructor(
    private readonly counts: KeptCounts,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Each facet counts what all filters but its own leave. Exact up to 10,000 products, beyond that estimated from a
   * sample. Facets without a filter of their own share one count; the number of statements is bounded.
   */
  async count(query: ProductFilters, db: EntityManager): Promise<Facets> {
    const terms = await findSearchTerms(query.q, db);
    const filters = await resolveFilters(query, this.env.STORE_CURRENCY, db);
    const found = await findProducts({ filters, terms, sort: ['createdAt'] }, this.counts, db);
    const groups = groupFacets(query);
    const counted = await Promise.all(groups.map((group) => this.countGroup(group, found, db)));
    const counts = Object.assign({}, ...counted.map(({ counts: some }) => some)) as Counts;
    const unit = 10 ** (4 - currencyDigits(query.currency ?? this.env.STORE_CURRENCY));
    return {
      categories: counts.categories,
      price: priceBands(counts.price.bands, counts.price, unit),
      inStock: counts.inStock,
      attributes: counts.attributes,
      ...(counted.some(({ isEstimate }) => isEstimate) && { isEstimate: true }),
    };
  }

  private async countGroup(
    { leftOut, facets }: FacetGroup,
    { request, shape }: FoundProducts,
    db: EntityManager,
  ): Promise<{ counts: Partial<Counts>; isEstimate: boolean }> {
    const { filters, terms } = request;
    const filter = (): SqlFilter => {
      const base = productFilter(filters, leftOut ?? undefined);
      if (terms) addMatch(base, terms, shape.match);
      return base;
    };
    const currency = filters.currency ?? filters.storeCurrency;
    const { items, isEstimate } = await this.counts.count(filter(), db);
    const parts = isEstimate ? Math.ceil((SAMPLE_SIZE / items) * SAMPLE_PARTS) : SAMPLE_PARTS;
    if (parts >= SAMPLE_PARTS)
      return { counts: await this.run(facets, filter(), currency, db), isEstimate: false };
    const sampled = await this.run(facets, filter().add('p.sample < ?', parts), currency, db);
    return { counts: scaled(sampled, SAMPLE_PARTS / parts), isEstimate: true };
  }

  private async run(
    facets: readonly Facet[],
    filter: SqlFilter,
    currency: string,
    db: EntityManager,
  ): Promise<Partial<Counts>> {
    const statement = facetStatement(facets, filter, currency);
    const [row] = await db.query<Partial<Counts>[]>(statement, filter.parameters);
    return row ?? {};
  }
}

interface FacetGroup {
  leftOut: FilterName | null;
  facets: Facet[];
}

/** Facets whose own filter is not given all count the same products. */
function groupFacets(query: ProductFilters): FacetGroup[] {
  const isGiven = {
    category: query.category !== undefined,
    price: query.minPrice !== undefined || query.maxPrice !== undefined,
    inStock: query.inStock !== undefined,
  };
  const all = Object.entries(OWN_FILTER) as [Facet, FilterName | null][];
  const isOwn = ([, own]: [Facet, FilterName | null]): boolean => own !== null && isGiven[own];
  const own = all.filter(isOwn).map(([facet, leftOut]) => ({ leftOut, facets: [facet] }));
  const shared = all.filter((one) => !isOwn(one)).map(([facet]) => facet);
  return [{ leftOut: null, facets: shared }, ...own];
}

/** What a sample says about all of the products. */
function scaled(
  { categories, price, inStock, attributes }: Partial<Counts>,
  factor: number,
): Partial<Counts> {
  const scale = <T extends { count: number }>(rows: readonly T[]): T[] =>
    rows.map((row) => ({ ...row, count: Math.round(row.count * factor) }));
  return {
    ...(categories && { categories: scale(categories) }),
    ...(price && { price: { ...price, bands: scale(price.bands) } }),
    ...(inStock !== undefined && { inStock: Math.round(inStock * factor) }),
    ...(attributes && {
      attributes: attributes.map(({ name, values }) => ({ name, values: scale(values) })),
    }),
  };
}
