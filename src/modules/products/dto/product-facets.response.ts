import { ApiProperty } from '@nestjs/swagger';

export class CategoryFacet {
  id: string;
  name: string;
  slug: string;
  /** Products in the category and everything below it. */
  count: number;
}

export class PriceFacet {
  /** Major units of `currency`, or of the store's; included. */
  min: number;
  /** Included. */
  max: number;
  count: number;
}

export class AttributeValueFacet {
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] })
  value: string | number | boolean;
  count: number;
}

export class AttributeFacet {
  name: string;
  /** The most used ones. */
  values: AttributeValueFacet[];
}

/** What the products of a list have in common. Each facet counts what all filters but its own leave. */
export class ProductFacets {
  categories: CategoryFacet[];
  /** Bands of prices that do not overlap. As `minPrice` and `maxPrice`, each finds what it counts. */
  price: PriceFacet[];
  /** Products in stock. */
  inStock: number;
  /** The most used ones. */
  attributes: AttributeFacet[];
  /** Only where there are more than 10,000 products: counts are estimated from a sample. */
  isEstimate?: boolean;
}
