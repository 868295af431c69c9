import slugify from '@sindresorhus/slugify';

/** Characters of a slug at the most. */
export const MAX_SLUG = 100;

/** Slugs made from names leave room for a suffix. */
const MAX_MADE = 90;

/** Words that are routes of a list (`/products/featured`), so that no slug may be one. */
const RESERVED = new Set(['tree', 'featured', 'suggest', 'facets', 'export', 'import']);

const UUID_LIKE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a slug may be: words of lower-case letters and digits, joined by single hyphens. */
export const SLUG_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A URL name made from a display name; `fallback` where the name has no letter that can be written in ASCII. */
export function slugFrom(name: string, fallback: string): string {
  return unreservedSlug(
    slugify(name, { decamelize: false }).slice(0, MAX_MADE).replace(/-+$/, '') || fallback,
  );
}

/** The slug, with a suffix when the router would take it for something else: a route or an id. */
export function unreservedSlug(slug: string): string {
  return RESERVED.has(slug) || UUID_LIKE.test(slug) ? `${slug}-2` : slug;
}

/** The first of `slug`, `slug-2`, `slug-3`, … that is not taken. */
export function firstFreeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let suffix = 2; ; suffix++) {
    const candidate = `${slug}-${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}
