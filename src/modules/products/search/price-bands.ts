/** Products in a range of sort prices, the edge included below and excluded above. */
export interface BandRow {
  /** The number of edges at or below. */
  band: number;
  count: number;
}

export interface PriceRange {
  /** The edges between the bands, ascending; ten-thousandths of the major unit. */
  edges: readonly number[];
  min: number;
  max: number;
}

export interface PriceBand {
  min: number;
  max: number;
  count: number;
}

/**
 * The bands as prices in major units, both ends included, so that `minPrice` and `maxPrice` with them find just what
 * was counted.
 * @param unit the currency's smallest step in ten-thousandths of the major unit: 100 for USD
 */
export function priceBands(
  rows: readonly BandRow[],
  { edges, min, max }: PriceRange,
  unit: number,
): PriceBand[] {
  return rows.map(({ band, count }) => ({
    min: toMajor(band === 0 ? min : (edges[band - 1] ?? min)),
    max: toMajor(band === edges.length ? max : (edges[band] ?? max) - unit),
    count,
  }));
}

function toMajor(sortPrice: number): number {
  return sortPrice / 10_000;
}
