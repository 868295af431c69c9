import { product, shelf } from '../seed-product';

export const DRINKWARE_PRODUCTS = shelf('mugs-and-glasses', 12, [
  product('CW-MUG-001', 'Harbour Stoneware Mug', 1899, 96, {
    description:
      "A sturdy everyday mug with a thumb rest on the handle and a glaze like wet slate. Holds a generous builder's tea.",
    featured: true,
    attributes: { material: 'stoneware', color: 'slate', capacityMl: 350, dishwasherSafe: true },
  }),
  product('CW-MUG-002', 'Harbour Stoneware Mug, Large', 2299, 58, {
    description:
      'The same mug as the Harbour with half as much again inside, for people who dislike getting up for a refill.',
    attributes: { material: 'stoneware', color: 'slate', capacityMl: 520, dishwasherSafe: true },
  }),
  product('CW-MUG-003', 'Nightjar Espresso Cups, Set of 2', 2450, 44, {
    description:
      'Thick-walled cups that keep a small coffee hot to the last sip. They fit under every machine we tried.',
    attributes: { material: 'porcelain', color: 'black', capacityMl: 80, pieces: 2, dishwasherSafe: true },
  }),
  product('CW-MUG-004', 'Meadow Cappuccino Cup & Saucer', 2690, 37, {
    description:
      'A rounded bowl gives milk foam room to spread, and the deep saucer has a place for the spoon and the biscuit.',
    attributes: { material: 'porcelain', color: 'sage', capacityMl: 220, dishwasherSafe: true },
  }),
  product('CW-MUG-005', 'Campfire Enamel Mug', 1290, 230, {
    description:
      'Light, chip-resistant and cheerful. It can stand at the edge of the coals, but let the rim cool before you drink.',
    attributes: { material: 'enamelled steel', color: 'navy', capacityMl: 400, dishwasherSafe: true },
  }),
  product('CW-MUG-006', 'Double Wall Cloud Glass, Pair', 3100, 9, {
    description: 'Two layers of glass float the drink in mid-air and keep fingers comfortable, hot or iced.',
    compareAtPriceMinor: 3800,
    attributes: { material: 'borosilicate glass', capacityMl: 300, pieces: 2, dishwasherSafe: true },
  }),
  product('CW-MUG-007', 'Quarry Tumbler', 1650, 85, {
    description:
      'A handle-free cup with three shallow grooves for the fingers, glazed inside and raw outside.',
    attributes: { material: 'stoneware', color: 'sand', capacityMl: 260, dishwasherSafe: true },
  }),
  product('CW-MUG-008', 'Left Bank Soup Mug', 2150, 0, {
    description:
      'Somewhere between a bowl and a mug: wide enough for a spoon, deep enough to drink from on the sofa.',
    attributes: { material: 'stoneware', color: 'ochre', capacityMl: 600, dishwasherSafe: true },
  }),
  product('CW-MUG-009', 'Commuter Lidded Cup', 2750, 112, {
    description:
      'A steel cup with a screw lid that can be tipped over in a bag without regret. Keeps coffee hot for about four hours.',
    attributes: {
      material: 'stainless steel',
      color: 'forest',
      capacityMl: 360,
      dishwasherSafe: false,
      leakproof: true,
    },
  }),
  product('CW-MUG-010', 'First Frost Mug', 1999, 14, {
    description: 'A crackled winter glaze that comes out of the kiln a little different each time.',
    status: 'archived',
    attributes: { material: 'stoneware', color: 'ice blue', capacityMl: 330, dishwasherSafe: false },
  }),
  product('CW-GLS-001', 'Ferry Water Glasses, Set of 6', 2900, 67, {
    description: 'Plain, heavy-based glasses that survive small hands and stack six high in the cupboard.',
    attributes: { material: 'tempered glass', capacityMl: 270, pieces: 6, dishwasherSafe: true },
  }),
  product('CW-GLS-002', 'Vesper Wine Glasses, Set of 4', 5200, 31, {
    description: 'A medium bowl that suits red and white alike, on a stem that is thin but not nervous.',
    compareAtPriceMinor: 6000,
    attributes: { material: 'crystal glass', capacityMl: 420, pieces: 4, dishwasherSafe: true },
  }),
  product('CW-GLS-003', 'Low Tide Whisky Tumblers, Pair', 3600, 26, {
    description: 'Hand-cut ripples catch the light, and the solid base makes a good sound on a wooden table.',
    attributes: { material: 'crystal glass', capacityMl: 290, pieces: 2, dishwasherSafe: false },
  }),
  product('CW-GLS-004', 'Hedgerow Highball Glasses, Set of 4', 3400, 48, {
    description:
      'Tall and slim, with faint leaf shapes pressed into the lower third. Room for a long drink and its ice.',
    attributes: {
      material: 'pressed glass',
      color: 'smoke green',
      capacityMl: 380,
      pieces: 4,
      dishwasherSafe: true,
    },
  }),
  product('CW-GLS-005', 'Bottle Green Carafe', 3250, 19, {
    description:
      'Blown from recycled bottle glass, bubbles included. The stopper doubles as a small cup for the bedside.',
    attributes: { material: 'recycled glass', color: 'bottle green', capacityMl: 900, dishwasherSafe: false },
  }),
  product('CW-GLS-006', 'Lemonade Pitcher with Ice Core', 4100, 3, {
    description:
      'Fill the steel core with ice and the jug stays cold for an afternoon without watering anything down.',
    attributes: { material: 'glass and steel', capacityMl: 1800, heightCm: 27, dishwasherSafe: true },
  }),
  product('CW-GLS-007', 'Reading Hour Teacup', 1750, 74, {
    description: 'A thin-lipped cup with a wide foot, hard to knock off the arm of a chair.',
    attributes: { material: 'bone china', color: 'ivory', capacityMl: 240, dishwasherSafe: true },
  }),
]);
