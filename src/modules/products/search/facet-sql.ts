import type { SqlFilter } from '../../../common/database/sql';

/** What can be counted of a set of products. */
export type Facet = 'categories' | 'price' | 'inStock' | 'attributes';

const MAX_CATEGORIES = 100;
const MAX_ATTRIBUTES = 10;
const MAX_VALUES = 10;

/** Where prices are cut: below these parts of the products, rounded to one digit. */
const CUTS = [0.2, 0.4, 0.6, 0.8];

/** One statement that counts the facets of the products that the filter leaves, each as a JSON column of its name. */
export function facetStatement(facets: readonly Facet[], filter: SqlFilter, currency: string): string {
  const price = facets.includes('price') ? priceParts(filter.parameter(currency)) : [];
  const columns = facets.map((facet) => `(${COUNTED[facet]}) AS "${facet}"`);
  return `WITH RECURSIVE matched AS MATERIALIZED (
      SELECT p.category_id, p.currency, p.sort_price, p.in_stock, p.attributes FROM products p ${filter.where}
    ), ${[BRANCHES, ...price].join(', ')}
    SELECT (SELECT count(*)::int FROM matched) AS size, ${columns.join(', ')}`;
}

/** Counts by category, passed on to all that are above. */
const BRANCHES = `branches AS (
  SELECT c.id, c.parent_id, own.count FROM categories c
    JOIN (SELECT category_id, count(*) AS count FROM matched GROUP BY category_id) own ON own.category_id = c.id
  UNION ALL SELECT parent.id, parent.parent_id, branches.count
    FROM branches JOIN categories parent ON parent.id = branches.parent_id)`;

function priceParts(currency: string): string[] {
  return [
    `prices AS (SELECT sort_price FROM matched WHERE currency = ${currency})`,
    `bounds AS (SELECT min(sort_price) AS min, max(sort_price) AS max FROM prices)`,
    `cuts AS (SELECT unnest(percentile_disc(ARRAY[${CUTS.join(', ')}]) WITHIN GROUP (ORDER BY sort_price)) AS cut
        FROM prices)`,
    `rounded AS (SELECT DISTINCT round(cut, -floor(log(cut::numeric))::int)::bigint AS cut FROM cuts WHERE cut > 0)`,
    `edges AS (SELECT coalesce(array_agg(cut ORDER BY cut), '{}') AS edges
        FROM rounded, bounds WHERE cut > bounds.min AND cut <= bounds.max)`,
    `bands AS (SELECT width_bucket(sort_price, edges) AS band, count(*)::int AS count
        FROM prices, edges WHERE edges <> '{}' GROUP BY band
       UNION ALL SELECT 0, count(*)::int FROM prices, edges WHERE edges = '{}' HAVING count(*) > 0)`,
  ];
}

const COUNTED: Record<Facet, string> = {
  categories: `SELECT coalesce(json_agg(facet), '[]') FROM (
    SELECT c.id, c.name, c.slug, sum(branches.count)::int AS count FROM branches JOIN categories c USING (id)
     GROUP BY c.id ORDER BY count DESC, c.name, c.id LIMIT ${MAX_CATEGORIES}) facet`,
  price: `SELECT json_build_object('edges', edges, 'min', bounds.min, 'max', bounds.max,
      'bands', (SELECT coalesce(json_agg(bands ORDER BY band), '[]') FROM bands)) FROM edges, bounds`,
  inStock: `SELECT count(*)::int FROM matched WHERE in_stock`,
  attributes: `SELECT coalesce(json_agg(json_build_object('name', name, 'values', "values") ORDER BY total DESC, name), '[]')
    FROM (
      SELECT name, total, json_agg(json_build_object('value', value, 'count', count) ORDER BY place) AS "values"
        FROM (
          SELECT key AS name, value, count(*)::int AS count, sum(count(*)) OVER (PARTITION BY key) AS total,
                 row_number() OVER (PARTITION BY key ORDER BY count(*) DESC, value) AS place
            FROM matched, jsonb_each(attributes) GROUP BY key, value) counted
       WHERE place <= ${MAX_VALUES} GROUP BY name, total ORDER BY total DESC, name LIMIT ${MAX_ATTRIBUTES}) facet`,
};
