import { product, shelf } from '../seed-product';

export const COFFEE_AND_TEA_PRODUCTS = shelf('coffee-and-tea', 10, [
  product('CW-COF-001', 'Slow Morning Pour-Over Set', 4950, 36, {
    description:
      'A ribbed glass dripper, its carafe and a packet of forty papers, which is everything but the beans. Brews up to three cups.',
    featured: true,
    attributes: { material: 'borosilicate glass', capacityMl: 600, dishwasherSafe: true },
  }),
  product('CW-COF-002', 'Heron Gooseneck Kettle', 8400, 23, {
    description:
      'A long, thin spout that pours a thread of water exactly where you point it. Holds its set temperature for half an hour.',
    compareAtPriceMinor: 9900,
    attributes: { material: 'stainless steel', color: 'black', capacityMl: 900, powerW: 1200 },
  }),
  product('CW-COF-003', 'Stovetop Espresso Pot, 4 Cup', 3450, 57, {
    description:
      'Three parts, one gasket and a sound that wakes the house kindly. Works on gas, electric and induction.',
    attributes: { material: 'stainless steel', capacityMl: 200, inductionReady: true, dishwasherSafe: false },
  }),
  product('CW-COF-004', 'Bell Tower French Press', 3990, 45, {
    description:
      'A double-walled steel press that stays hot for an hour and cannot shatter in the sink. The fine mesh keeps the cup clear.',
    attributes: { material: 'stainless steel', capacityMl: 1000, dishwasherSafe: true },
  }),
  product('CW-COF-005', 'Pocket Hand Grinder', 6900, 28, {
    description:
      'Conical steel burrs, a folding crank and twenty-four settings. Grinds enough for two cups in under a minute.',
    attributes: { material: 'stainless steel', capacityG: 30, weightG: 480 },
  }),
  product('CW-COF-006', 'Counter Burr Grinder', 14900, 11, {
    description:
      'Quiet enough to use while someone is still asleep next door. Forty steps cover everything from espresso to cold brew.',
    attributes: { material: 'steel and glass', color: 'graphite', capacityG: 250, powerW: 150 },
  }),
  product('CW-COF-007', 'Paper Cone Filters, 100 Pieces', 690, 480, {
    description:
      'Unbleached, double-seamed papers that fit size two drippers and go on the compost afterwards.',
    attributes: { material: 'paper', pieces: 100, compostable: true },
  }),
  product('CW-COF-008', 'Reusable Linen Filter', 1150, 134, {
    description: 'Rinse it, hang it up, use it again for about a year. Gives a rounder cup than paper does.',
    attributes: { material: 'linen', pieces: 1, compostable: true },
  }),
  product('CW-COF-009', 'Rooftop House Blend, 500 g', 1690, 175, {
    description:
      'A medium roast of washed beans with notes of hazelnut, cocoa and a little orange. Roasted on Tuesdays and sent the same week.',
    attributes: { roast: 'medium', weightG: 500, wholeBean: true, organic: true },
  }),
  product('CW-COF-010', 'Nocturne Decaf, 250 g', 1090, 92, {
    description:
      'Decaffeinated with water alone, and still tasting of plum and brown sugar at ten in the evening.',
    attributes: { roast: 'medium dark', weightG: 250, wholeBean: true, caffeineFree: true },
  }),
  product('CW-COF-011', 'Red Ridge Espresso Roast, 1 kg', 2850, 2, {
    description:
      'A dark, syrupy roast that stands up to milk. The bag has a valve and a zip, and needs no tin.',
    attributes: { roast: 'dark', weightG: 1000, wholeBean: true, organic: false },
  }),
  product('CW-TEA-001', 'Round Belly Teapot', 3800, 40, {
    description:
      'A pot that pours without dripping, with a steel basket that lifts out before the tea turns bitter.',
    attributes: { material: 'stoneware', color: 'oatmeal', capacityMl: 1100, dishwasherSafe: true },
  }),
  product('CW-TEA-002', 'Iron Crane Teapot', 6200, 16, {
    description:
      "Cast iron with an enamelled inside and a raised pattern of reeds. Keeps two pots' worth of sencha warm.",
    compareAtPriceMinor: 7400,
    attributes: { material: 'cast iron', color: 'charcoal', capacityMl: 800, dishwasherSafe: false },
  }),
  product('CW-TEA-003', 'Morning Gate Breakfast Tea, 100 g', 990, 160, {
    description: 'A brisk loose-leaf blend that takes milk well and needs four minutes, no more.',
    attributes: { teaType: 'black', weightG: 100, organic: true },
  }),
  product('CW-TEA-004', 'Terrace Steamed Green Tea, 80 g', 1390, 68, {
    description: 'Grassy and sweet when brewed below boiling. A leaf for a second and a third infusion.',
    attributes: { teaType: 'green', weightG: 80, organic: true },
  }),
  product('CW-TEA-005', 'Kitchen Garden Herbal Infusion, 60 g', 890, 0, {
    description:
      'Lemon balm, mint and fennel seed, dried slowly so that the kitchen smells of a garden after rain.',
    attributes: { teaType: 'herbal', weightG: 60, caffeineFree: true, organic: true },
  }),
  product('CW-TEA-006', 'Bamboo Tea Whisk Kit', 2750, 30, {
    description: 'A whisk with eighty tines, a scoop and a stand that keeps the whisk in shape as it dries.',
    status: 'draft',
    attributes: { material: 'bamboo', pieces: 3, dishwasherSafe: false },
  }),
]);
