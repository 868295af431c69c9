export interface SeedCategory {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly parentSlug: string | null;
  readonly position: number;
}

/** Parents come before their children. */
export const SEED_CATEGORIES: readonly SeedCategory[] = [
  {
    slug: 'kitchen-and-table',
    name: 'Kitchen & Table',
    description: 'Boards, knives, plates and the small tools that a working kitchen reaches for every day.',
    parentSlug: null,
    position: 0,
  },
  {
    slug: 'mugs-and-glasses',
    name: 'Mugs & Glasses',
    description: 'Stoneware, porcelain and glass to drink from, made to be used and not only looked at.',
    parentSlug: 'kitchen-and-table',
    position: 0,
  },
  {
    slug: 'cookware',
    name: 'Cookware',
    description: 'Pans, pots and baking tins in iron, steel and clay that outlast the recipes.',
    parentSlug: 'kitchen-and-table',
    position: 1,
  },
  {
    slug: 'coffee-and-tea',
    name: 'Coffee & Tea',
    description: 'Grinders, kettles, pots and filters, with the beans and leaves to put in them.',
    parentSlug: 'kitchen-and-table',
    position: 2,
  },
  {
    slug: 'home-and-living',
    name: 'Home & Living',
    description: 'Baskets, candles, vases, clocks and shelves for rooms that people live in.',
    parentSlug: null,
    position: 1,
  },
  {
    slug: 'lighting',
    name: 'Lighting',
    description: 'Table, floor and hanging lamps with warm light, and the bulbs and cords they need.',
    parentSlug: 'home-and-living',
    position: 0,
  },
  {
    slug: 'textiles',
    name: 'Textiles',
    description: 'Cushions, rugs, curtains and towels in linen, cotton and wool.',
    parentSlug: 'home-and-living',
    position: 1,
  },
  {
    slug: 'bedding',
    name: 'Bedding',
    description: 'Sheets, duvets, pillows and blankets for every season of sleep.',
    parentSlug: 'textiles',
    position: 0,
  },
  {
    slug: 'desk-and-paper',
    name: 'Desk & Paper',
    description: 'Pens, trays, scissors and stands that keep a desk clear and a hand willing to write.',
    parentSlug: null,
    position: 2,
  },
  {
    slug: 'notebooks',
    name: 'Notebooks',
    description:
      'Bound and stapled books for notes, sketches, plans and accounts, on paper that takes ink well.',
    parentSlug: 'desk-and-paper',
    position: 0,
  },
  {
    slug: 'outdoors',
    name: 'Outdoors',
    description: 'Bags, bottles and garden tools for everything that happens outside the front door.',
    parentSlug: null,
    position: 3,
  },
  {
    slug: 'camping',
    name: 'Camping',
    description: 'Tents, sleeping bags, stoves and lanterns for a night or a fortnight under the sky.',
    parentSlug: 'outdoors',
    position: 0,
  },
];
