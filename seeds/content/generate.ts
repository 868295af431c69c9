import slugify from '@sindresorhus/slugify';

import { ADJECTIVES, AISLES, COLORS, MATERIALS, type Kind, type Material } from './generate-words';
import type { SeedAttributes, SeedProduct } from './seed-product';

type Random = () => number;

interface Variant {
  readonly adjective: string;
  readonly material: Material;
  readonly color: string;
  /** 1 for the first; more once every combination of words is used up. */
  readonly edition: number;
}

const SEED = 20_240_229;
/** A prime larger than any factor of the numbers of combinations, so that it visits them all. */
const STRIDE = 1_000_003;
const PRICE_ENDINGS = [99, 99, 99, 95, 90, 50, 0];
const CLOSINGS: readonly ((color: string, noun: string) => string)[] = [
  (color) => `This one is in ${color}.`,
  (color, noun) => `The ${noun} comes in ${color} and goes with most things.`,
  (color) => `We like it best in ${color}.`,
  (color) => `Finished in ${color}, a shade that hides the traces of use.`,
  (color) => `The ${color} varies a little from piece to piece.`,
  () => 'Made in small batches and checked by hand.',
  () => 'Built to be mended and not to be replaced.',
  () => 'Packed without plastic.',
];

const SHELVES = AISLES.flatMap((aisle) => aisle.kinds.map((kind) => ({ aisle, kind })));

/**
 * Yields believable products for a catalogue of any size. The same call gives the same products, and a smaller
 * count gives the beginning of a larger one.
 */
export function* generateProducts(count: number): Generator<SeedProduct> {
  const random = mulberry32(SEED);
  const shelves = SHELVES.map((shelf, position) => ({ ...shelf, firstVariant: position * 131, made: 0 }));
  for (let serial = 1; serial <= count; serial += 1) {
    const shelf = pick(random, shelves);
    const { aisle, kind } = shelf;
    const variant = variantOf(shelf.made, shelf.firstVariant, aisle.materials);
    shelf.made += 1;
    const name = nameOf(kind, variant);
    yield {
      sku: `GEN-${String(serial).padStart(7, '0')}`,
      slug: slugify(name),
      name,
      description: describe(random, kind, variant),
      ...pricesOf(random, kind),
      stock: stockOf(random),
      lowStockThreshold: pick(random, [null, 5, 10, 20]),
      categorySlug: aisle.categorySlug,
      featured: random() < 0.002,
      status: statusOf(random),
      attributes: attributesOf(random, kind, variant, aisle.trait),
    };
  }
}

/** The nth combination of words for a kind: each comes once before any comes twice, and neighbours differ. */
function variantOf(nth: number, first: number, materials: readonly Material[]): Variant {
  const combinations = materials.length * ADJECTIVES.length * COLORS.length;
  const spread = ((first + nth) * STRIDE) % combinations;
  const spreadOverMaterials = Math.floor(spread / materials.length);
  return {
    material: at(materials, spread),
    adjective: at(ADJECTIVES, spreadOverMaterials),
    color: at(COLORS, Math.floor(spreadOverMaterials / ADJECTIVES.length)),
    edition: Math.floor(nth / combinations) + 1,
  };
}

function nameOf(kind: Kind, { adjective, material, color, edition }: Variant): string {
  const name = `${adjective} ${titleCase(material)} ${kind.noun} in ${color}`;
  return edition === 1 ? name : `${name}, No. ${edition}`;
}

function describe(random: Random, kind: Kind, { material, color }: Variant): string {
  const noun = kind.noun.toLowerCase();
  const article = /^[aeiou]/.test(material) ? 'An' : 'A';
  const opening = `${article} ${material} ${noun} ${kind.use}.`;
  const closing = pick(random, CLOSINGS)(color.toLowerCase(), noun);
  return random() < 0.25 ? `${opening} ${closing}` : `${opening} ${MATERIALS[material]} ${closing}`;
}

/** Cheap things are common: the square leans towards the lower end of the range. */
function pricesOf(random: Random, kind: Kind): Pick<SeedProduct, 'priceMinor' | 'compareAtPriceMinor'> {
  const raw = kind.minPriceMinor + (kind.maxPriceMinor - kind.minPriceMinor) * random() ** 2;
  const priceMinor = Math.floor(raw / 100) * 100 + pick(random, PRICE_ENDINGS);
  const isReduced = random() < 0.14;
  const before = Math.ceil((priceMinor * (1.1 + random() * 0.3)) / 100) * 100;
  return { priceMinor, compareAtPriceMinor: isReduced ? before : null };
}

function stockOf(random: Random): number {
  const luck = random();
  if (luck < 0.06) return 0;
  return luck < 0.16 ? between(random, 1, 5) : between(random, 6, 400);
}

function statusOf(random: Random): SeedProduct['status'] {
  const luck = random();
  if (luck < 0.02) return 'draft';
  return luck < 0.04 ? 'archived' : 'active';
}

function attributesOf(random: Random, kind: Kind, variant: Variant, trait: string): SeedAttributes {
  const step = kind.typical >= 100 ? 10 : 1;
  const measured = Math.round((kind.typical * (0.7 + random() * 0.6)) / step) * step;
  return {
    material: variant.material,
    color: variant.color.toLowerCase(),
    [kind.measure]: measured,
    [trait]: random() < 0.6,
  };
}

function titleCase(words: string): string {
  return words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return at(list, Math.floor(random() * list.length));
}

/** The element at an index that wraps around the end of a list that is not empty. */
function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** A small, fast generator of evenly spread numbers in [0, 1): not for secrets. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
