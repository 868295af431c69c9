import { product, shelf } from '../seed-product';

export const CAMPING_PRODUCTS = shelf('camping', 5, [
  product('CW-CMP-001', 'Lapwing Tent, 2 Person', 28900, 14, {
    description:
      'Pitches outer first, so that the inside stays dry when you arrive in the rain. Two doors, two porches and nobody climbs over anybody.',
    compareAtPriceMinor: 32900,
    featured: true,
    attributes: { material: 'ripstop nylon', color: 'lichen', persons: 2, weightG: 1950, waterproof: true },
  }),
  product('CW-CMP-002', 'Lapwing Tent, 4 Person', 41900, 5, {
    description:
      'A family tunnel with standing room in the middle and a dark sleeping cabin for early sunrises.',
    attributes: { material: 'ripstop nylon', color: 'lichen', persons: 4, weightG: 5400, waterproof: true },
  }),
  product('CW-CMP-003', 'Wayside Tarp, 3 x 3 m', 7900, 26, {
    description: 'Sixteen tie-out points let you make a roof, a wind wall or something between the two.',
    attributes: {
      material: 'ripstop polyester',
      color: 'sand',
      widthCm: 300,
      lengthCm: 300,
      weightG: 780,
      waterproof: true,
    },
  }),
  product('CW-CMP-004', 'Hollow Oak Sleeping Bag, 3 Season', 13900, 22, {
    description:
      'Synthetic filling that keeps you warm when damp, and a foot box wide enough to curl up in. Comfortable down to freezing point.',
    attributes: { material: 'recycled polyester', color: 'moss', comfortC: 0, weightG: 1350 },
  }),
  product('CW-CMP-005', 'High Pasture Down Sleeping Bag', 32900, 6, {
    description:
      'Packs to the size of a loaf and opens to the thickness of a winter duvet. For clear nights well below zero.',
    compareAtPriceMinor: 36900,
    attributes: { material: 'goose down', color: 'rust', comfortC: -9, weightG: 1080 },
  }),
  product('CW-CMP-006', 'Cotton Sleeping Bag Liner', 3400, 47, {
    description:
      'Adds a few degrees and goes in the wash instead of the bag. Also good in hostels of uncertain reputation.',
    attributes: { material: 'cotton', color: 'stone', lengthCm: 215, machineWashable: true },
  }),
  product('CW-CMP-007', 'Moss Bed Sleeping Mat', 9900, 31, {
    description:
      'Inflates itself while you pitch the tent and needs two breaths to finish. Eight centimetres between you and the roots.',
    attributes: { material: 'polyester and foam', thicknessCm: 8, lengthCm: 190, weightG: 990 },
  }),
  product('CW-CMP-008', 'Closed Cell Mat', 2900, 85, {
    description: 'Cannot be punctured, weighs next to nothing and unrolls in a second for a rest halfway up.',
    attributes: { material: 'foam', color: 'orange', thicknessCm: 1.8, lengthCm: 185, weightG: 410 },
  }),
  product('CW-CMP-009', 'Valley Hammock', 6400, 34, {
    description:
      'Wide enough to lie across at an angle, which is the secret of a flat back. Tree straps included.',
    attributes: { material: 'ripstop nylon', color: 'teal', lengthCm: 300, maxWeightKg: 180 },
  }),
  product('CW-CMP-010', 'Cinder Gas Stove', 5200, 40, {
    description:
      'Three legs that fold into the palm and a flame that can be turned down to a simmer. Boils half a litre in three minutes.',
    attributes: { material: 'titanium', weightG: 78, powerW: 2600 },
  }),
  product('CW-CMP-011', 'Twig Burner Stove', 4600, 19, {
    description:
      'Runs on what lies around the camp: a handful of dry twigs brings a pot to the boil with hardly any smoke.',
    attributes: { material: 'stainless steel', weightG: 420, foldable: true },
  }),
  product('CW-CMP-012', 'Nesting Cook Set, 2 Person', 5800, 3, {
    description: 'Two pots, a pan, two bowls and a gripper, all of which disappear into the largest pot.',
    attributes: { material: 'hard anodised aluminium', pieces: 6, weightG: 640, persons: 2 },
  }),
  product('CW-CMP-013', 'Spork & Knife Set', 1450, 150, {
    description:
      'Long-handled so that it reaches the bottom of the pouch, and blunt enough for hand luggage.',
    attributes: { material: 'titanium', lengthCm: 21, pieces: 2, dishwasherSafe: true },
  }),
  product('CW-CMP-014', 'Glowworm Camp Lantern', 4300, 52, {
    description:
      'Hangs from the ridge or sticks to the car by its magnet. The red setting spares the eyes and the neighbours.',
    attributes: { material: 'aluminium and silicone', lumen: 300, rechargeable: true, waterproof: true },
  }),
  product('CW-CMP-015', 'Night Owl Head Torch', 3900, 0, {
    description: 'One button you can find with gloves on, a wide near beam and a narrow far one.',
    attributes: { material: 'plastic', color: 'yellow', lumen: 400, weightG: 86, rechargeable: true },
  }),
  product('CW-CMP-016', 'Folding Fireside Chair', 8900, 17, {
    description:
      'A low canvas sling on an ash frame that comes apart into a bundle. Good for the beach and for the last hour by the embers.',
    attributes: {
      material: 'ash and canvas',
      color: 'ecru',
      weightG: 3100,
      maxWeightKg: 120,
      foldable: true,
    },
  }),
  product('CW-CMP-017', 'Shingle Beach Cool Box, 24 Litre', 9600, 11, {
    description: 'Thick walls keep ice for two days, and the lid is a seat.',
    status: 'archived',
    attributes: { material: 'recycled plastic', color: 'white', capacityL: 24, weightG: 4200 },
  }),
]);
