import { BEDDING_PRODUCTS } from './products/bedding';
import { CAMPING_PRODUCTS } from './products/camping';
import { COFFEE_AND_TEA_PRODUCTS } from './products/coffee-and-tea';
import { COOKWARE_PRODUCTS } from './products/cookware';
import { DESK_PRODUCTS } from './products/desk';
import { DRINKWARE_PRODUCTS } from './products/drinkware';
import { HOME_PRODUCTS } from './products/home';
import { KITCHEN_PRODUCTS } from './products/kitchen';
import { LIGHTING_PRODUCTS } from './products/lighting';
import { NOTEBOOKS_PRODUCTS } from './products/notebooks';
import { OUTDOORS_PRODUCTS } from './products/outdoors';
import { TEXTILES_PRODUCTS } from './products/textiles';
import type { SeedProduct } from './seed-product';

export const SEED_PRODUCTS: readonly SeedProduct[] = [
  ...KITCHEN_PRODUCTS,
  ...DRINKWARE_PRODUCTS,
  ...COOKWARE_PRODUCTS,
  ...COFFEE_AND_TEA_PRODUCTS,
  ...HOME_PRODUCTS,
  ...LIGHTING_PRODUCTS,
  ...TEXTILES_PRODUCTS,
  ...BEDDING_PRODUCTS,
  ...DESK_PRODUCTS,
  ...NOTEBOOKS_PRODUCTS,
  ...OUTDOORS_PRODUCTS,
  ...CAMPING_PRODUCTS,
];
