import { product, shelf } from '../seed-product';

export const COOKWARE_PRODUCTS = shelf('cookware', 6, [
  product('CW-COK-001', 'Smithy Cast Iron Skillet, 26 cm', 5400, 46, {
    description:
      'Seasoned three times before it leaves the foundry and better every year after. Sears on the hob, then goes straight into the oven.',
    featured: true,
    attributes: {
      material: 'cast iron',
      diameterCm: 26,
      weightG: 2400,
      inductionReady: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-002', 'Smithy Cast Iron Skillet, 20 cm', 3900, 61, {
    description: 'The small sister of our skillet, the right size for two eggs or a single tarte.',
    attributes: {
      material: 'cast iron',
      diameterCm: 20,
      weightG: 1450,
      inductionReady: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-003', 'Smithy Grill Pan', 5900, 15, {
    description:
      'Tall ridges mark a steak properly and lift courgettes clear of their own water. Two pouring lips for left and right hands.',
    attributes: {
      material: 'cast iron',
      widthCm: 27,
      weightG: 2900,
      inductionReady: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-004', 'Long Sunday Casserole, 4.5 Litre', 15900, 12, {
    description:
      'Enamelled iron with a heavy, self-basting lid for stews that take the whole afternoon. The pale interior shows when the onions are done.',
    compareAtPriceMinor: 18900,
    attributes: {
      material: 'enamelled cast iron',
      color: 'beetroot',
      capacityMl: 4500,
      inductionReady: true,
      dishwasherSafe: true,
    },
  }),
  product('CW-COK-005', 'Long Sunday Casserole, 7 Litre', 21900, 5, {
    description: 'Feeds ten, or four with a week of lunches. Mind your back when it is full.',
    attributes: {
      material: 'enamelled cast iron',
      color: 'beetroot',
      capacityMl: 7000,
      inductionReady: true,
      dishwasherSafe: true,
    },
  }),
  product('CW-COK-006', 'Copperline Saucepan, 1.5 Litre', 12400, 8, {
    description:
      'A copper core reacts to the flame within seconds, which is what caramel and hollandaise ask for. Steel inside and out keeps it easy to clean.',
    attributes: {
      material: 'copper core steel',
      capacityMl: 1500,
      diameterCm: 16,
      inductionReady: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-007', 'Everyday Steel Saucepan Set', 13900, 24, {
    description:
      'Three pans with clear lids and measuring marks inside. The handles stay cool and hang flat on a rail.',
    compareAtPriceMinor: 16500,
    attributes: { material: 'stainless steel', pieces: 3, inductionReady: true, dishwasherSafe: true },
  }),
  product('CW-COK-008', 'Deep Pasta Pot with Strainer Lid', 6900, 33, {
    description: 'Twist the lid a quarter turn and pour: the pasta stays, the water goes.',
    attributes: {
      material: 'stainless steel',
      capacityMl: 6000,
      diameterCm: 22,
      inductionReady: true,
      dishwasherSafe: true,
    },
  }),
  product('CW-COK-009', 'Blue Steel Wok', 4800, 39, {
    description:
      'Thin carbon steel that heats in a minute and seasons to a black shine. The flat base sits on modern hobs.',
    attributes: {
      material: 'carbon steel',
      diameterCm: 32,
      weightG: 1600,
      inductionReady: true,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-010', 'Featherlight Pancake Pan', 3650, 0, {
    description:
      'A low rim lets you flip with a wrist or a spatula. Ceramic coated, with no need for more than a wipe of butter.',
    attributes: {
      material: 'ceramic coated aluminium',
      diameterCm: 25,
      inductionReady: false,
      dishwasherSafe: false,
    },
  }),
  product('CW-COK-011', 'Terracotta Bean Pot', 4400, 21, {
    description:
      'Unglazed outside, glazed within, and made for the slow corner of the oven. Beans come out whole and creamy.',
    attributes: { material: 'terracotta', capacityMl: 2800, inductionReady: false, dishwasherSafe: false },
  }),
  product('CW-COK-012', 'Farmhouse Roasting Tin', 3950, 55, {
    description: 'High sides hold the juices and a thick base lets you make gravy in it on the hob.',
    attributes: {
      material: 'enamelled steel',
      color: 'white',
      lengthCm: 38,
      widthCm: 28,
      dishwasherSafe: true,
    },
  }),
  product('CW-COK-013', 'Village Loaf Tin', 1950, 88, {
    description: 'Folded corners and a heavy gauge give sandwich loaves a square shoulder and an even crust.',
    attributes: { material: 'aluminised steel', lengthCm: 25, widthCm: 12, dishwasherSafe: false },
  }),
  product('CW-COK-014', 'Springtime Cake Tin, 23 cm', 2250, 64, {
    description:
      'The clasp closes with a single finger and the base has a lip that does not leak into the oven.',
    attributes: { material: 'carbon steel', diameterCm: 23, dishwasherSafe: false },
  }),
  product('CW-COK-015', 'Hearth Baking Stone', 4200, 17, {
    description:
      'Forty minutes of heating buys you a pizza with a blistered base in eight. Round, thick and rather heavy.',
    attributes: { material: 'cordierite', diameterCm: 36, weightG: 3600, dishwasherSafe: false },
  }),
  product('CW-COK-016', 'Steam Basket Duo', 2990, 42, {
    description: 'Two bamboo tiers and a woven lid for dumplings above and greens below.',
    attributes: { material: 'bamboo', diameterCm: 25, pieces: 3, dishwasherSafe: false },
  }),
  product('CW-COK-017', 'Old Foundry Griddle Plate', 7200, 6, {
    description:
      'A two-burner plate, smooth on one side and ribbed on the other. Replaced by a lighter casting this year.',
    status: 'archived',
    attributes: {
      material: 'cast iron',
      lengthCm: 48,
      weightG: 5200,
      inductionReady: false,
      dishwasherSafe: false,
    },
  }),
]);
