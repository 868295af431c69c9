import { product, shelf } from '../seed-product';

export const OUTDOORS_PRODUCTS = shelf('outdoors', 8, [
  product('CW-OUT-001', 'Waymark Daypack, 22 Litre', 8900, 38, {
    description:
      'A plain waxed-cotton pack with one big compartment, one small pocket and a flap that closes over both. The back panel is padded, not fussy.',
    featured: true,
    attributes: { material: 'waxed cotton', color: 'olive', capacityL: 22, weightG: 820, waterproof: true },
  }),
  product('CW-OUT-002', 'Waymark Rolltop, 30 Litre', 11900, 20, {
    description:
      'Welded seams and a rolled closure that has been held under a shower for an hour to make sure.',
    attributes: {
      material: 'recycled polyester',
      color: 'storm',
      capacityL: 30,
      weightG: 1050,
      waterproof: true,
    },
  }),
  product('CW-OUT-003', 'Market Day Canvas Tote', 2600, 145, {
    description:
      'A stiff-bottomed bag that stands by itself while you look for the keys. Long handles for the shoulder, short ones for the hand.',
    attributes: { material: 'cotton canvas', color: 'natural', capacityL: 18, machineWashable: true },
  }),
  product('CW-OUT-004', 'Hip Pocket Pouch', 3400, 57, {
    description: 'Room for a telephone, a map and an apple, worn in front or slung across the back.',
    attributes: { material: 'recycled nylon', color: 'marigold', capacityL: 2, weightG: 160 },
  }),
  product('CW-OUT-005', 'Weekend Duffel', 12900, 13, {
    description:
      'Heavy canvas with a full-length zip and a separate end pocket for boots. Fits the overhead rack of a train.',
    compareAtPriceMinor: 14900,
    attributes: { material: 'cotton canvas', color: 'navy', capacityL: 42, weightG: 1400 },
  }),
  product('CW-OUT-006', 'Spring Steel Water Bottle, 750 ml', 2990, 190, {
    description:
      'Two walls with a vacuum between them keep water cold on a dashboard all day. The loop on the lid takes two fingers.',
    attributes: {
      material: 'stainless steel',
      color: 'sky',
      capacityMl: 750,
      leakproof: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-OUT-007', 'Soup Flask with Spoon', 3800, 64, {
    description:
      'A wide mouth for stews, and a folding spoon hidden in the lid so that it cannot be left at home.',
    attributes: { material: 'stainless steel', color: 'cream', capacityMl: 500, leakproof: true },
  }),
  product('CW-OUT-008', 'Picnic Blanket, Waterproof Back', 5900, 27, {
    description:
      'Soft checked wool on top, a sealed layer below, and a strap to carry it by. Seats four who like each other.',
    compareAtPriceMinor: 6900,
    attributes: { material: 'wool', color: 'moss check', widthCm: 150, lengthCm: 200, waterproof: true },
  }),
  product('CW-OUT-009', 'Cloudburst Umbrella', 4400, 0, {
    description: 'Eight fibreglass ribs that turn inside out and back again without complaint.',
    attributes: { material: 'recycled polyester', color: 'black', diameterCm: 104, lengthCm: 88 },
  }),
  product('CW-OUT-010', 'Hand Forged Garden Trowel', 2850, 49, {
    description: 'A narrow, deep blade that goes in between roots, on an ash handle with a hanging loop.',
    attributes: { material: 'forged steel', lengthCm: 31, weightG: 280 },
  }),
  product('CW-OUT-011', 'Allotment Bypass Secateurs', 4900, 36, {
    description:
      'Clean cuts up to two centimetres thick, replaceable blades and a catch that works with gloves on.',
    attributes: { material: 'carbon steel', lengthCm: 21, weightG: 240, replaceableBlade: true },
  }),
  product('CW-OUT-012', 'Long Spout Watering Can', 4300, 6, {
    description:
      'Balanced so that it pours without tipping your wrist, with a brass rose that comes off for seedlings.',
    attributes: { material: 'galvanised steel', color: 'zinc', capacityMl: 4500 },
  }),
  product('CW-OUT-013', 'Deerskin Garden Gloves', 3200, 55, {
    description:
      'Thin enough to pick up a seed and tough enough for brambles. They dry soft after a soaking.',
    attributes: { material: 'deerskin', color: 'tan', size: 'M' },
  }),
  product('CW-OUT-014', 'Hedge Sparrow Nest Box', 3600, 24, {
    description:
      'Untreated larch with a hinged roof for the autumn clean. Hang it facing north-east, out of the midday sun.',
    attributes: { material: 'larch', heightCm: 28, entranceMm: 32 },
  }),
  product('CW-OUT-015', 'Terracotta Planter, 30 cm', 2750, 33, {
    description:
      'Thick-walled, frost-proof clay with a drainage hole and a thrown rim. The saucer is included.',
    attributes: { material: 'terracotta', diameterCm: 30, heightCm: 27, frostproof: true },
  }),
  product('CW-OUT-016', 'Folding Pruning Saw', 3950, 42, {
    description:
      'Cuts on the pull, which is kinder to the branch and to the elbow. Locks open at two angles.',
    attributes: { material: 'carbon steel', bladeCm: 18, foldable: true },
  }),
]);
