import { product, shelf } from '../seed-product';

export const TEXTILES_PRODUCTS = shelf('textiles', 10, [
  product('CW-TXT-001', 'Shoreline Linen Cushion Cover', 3200, 84, {
    description:
      'Washed linen that is soft from the first day, with a hidden zip along the seam. The pad is sold separately.',
    attributes: { material: 'linen', color: 'driftwood', widthCm: 50, heightCm: 50, machineWashable: true },
  }),
  product('CW-TXT-002', 'Ploughed Field Corduroy Cushion', 3600, 56, {
    description:
      'Wide-wale cotton cord with a piped edge, filled with feather so that it can be thumped back into shape.',
    attributes: { material: 'cotton', color: 'rust', widthCm: 45, heightCm: 45, machineWashable: false },
  }),
  product('CW-TXT-003', 'Feather Cushion Pad, 50 cm', 1500, 140, {
    description: 'A generous pad, cut slightly larger than the cover to fill its corners.',
    attributes: { material: 'duck feather', widthCm: 50, heightCm: 50, machineWashable: false },
  }),
  product('CW-TXT-004', 'Drover Wool Throw', 9800, 29, {
    description:
      'Woven from undyed fleeces in three natural browns and finished with a hand-twisted fringe. Warm enough to replace the heating until November.',
    compareAtPriceMinor: 12500,
    featured: true,
    attributes: {
      material: 'wool',
      color: 'brown check',
      widthCm: 140,
      lengthCm: 190,
      machineWashable: false,
    },
  }),
  product('CW-TXT-005', 'Honeycomb Cotton Throw', 5400, 62, {
    description:
      'A light waffle weave for summer evenings, shrinking a little in the first wash as it should.',
    attributes: { material: 'cotton', color: 'honey', widthCm: 130, lengthCm: 170, machineWashable: true },
  }),
  product('CW-TXT-006', 'Threshold Jute Doormat', 2800, 98, {
    description: 'A dense, scratchy mat that takes the mud off boots and leaves it outside.',
    attributes: { material: 'jute', color: 'natural', widthCm: 45, lengthCm: 75 },
  }),
  product('CW-TXT-007', 'Long Hall Runner', 14500, 11, {
    description:
      'A flat-woven wool runner with a narrow border, reversible, so that it wears evenly on both sides.',
    attributes: { material: 'wool', color: 'indigo', widthCm: 70, lengthCm: 280, machineWashable: false },
  }),
  product('CW-TXT-008', 'Courtyard Wool Rug, Large', 38900, 5, {
    description:
      'Hand-knotted in a broken grid of cream and clay. It sheds a handful of fluff in the first month and then never again.',
    compareAtPriceMinor: 45000,
    attributes: {
      material: 'wool',
      color: 'cream and clay',
      widthCm: 200,
      lengthCm: 300,
      machineWashable: false,
    },
  }),
  product('CW-TXT-009', 'Rag Rug, Small', 4200, 40, {
    description:
      'Made from the offcuts of our own curtains, which is why each one has a different temperament.',
    attributes: {
      material: 'recycled cotton',
      color: 'mixed',
      widthCm: 60,
      lengthCm: 90,
      machineWashable: true,
    },
  }),
  product('CW-TXT-010', 'Rug Underlay, Cut to Size', 2600, 73, {
    description: 'A thin rubber mesh that stops rugs from travelling. Trim it with ordinary scissors.',
    attributes: { material: 'natural rubber', widthCm: 120, lengthCm: 180 },
  }),
  product('CW-TXT-011', 'Morning Haze Sheer Curtain', 5200, 48, {
    description:
      'A loose linen weave that hides the street and keeps the light. Sold as a single panel with a tape heading.',
    attributes: { material: 'linen', color: 'white', widthCm: 140, lengthCm: 260, machineWashable: true },
  }),
  product('CW-TXT-012', 'Deep Winter Lined Curtain', 9600, 0, {
    description: 'Heavy cotton with a thermal lining that darkens the room and quiets the window.',
    attributes: {
      material: 'cotton',
      color: 'midnight',
      widthCm: 140,
      lengthCm: 260,
      machineWashable: false,
    },
  }),
  product('CW-TXT-013', 'Bathhouse Towel', 3400, 150, {
    description: 'A long-loop cotton towel that drinks water and still dries by evening.',
    attributes: {
      material: 'organic cotton',
      color: 'fern',
      widthCm: 70,
      lengthCm: 140,
      machineWashable: true,
    },
  }),
  product('CW-TXT-014', 'Bathhouse Hand Towels, Pair', 2600, 128, {
    description: 'Two hand towels with a woven loop at the corner, to go with the large one or stand alone.',
    attributes: {
      material: 'organic cotton',
      color: 'fern',
      widthCm: 50,
      lengthCm: 80,
      pieces: 2,
      machineWashable: true,
    },
  }),
  product('CW-TXT-015', 'Glasscloth Tea Towels, Set of 3', 2400, 165, {
    description:
      'Smooth half-linen that leaves no lint on wine glasses, striped in the way such cloths have always been.',
    attributes: {
      material: 'linen and cotton',
      color: 'blue stripe',
      widthCm: 50,
      lengthCm: 70,
      pieces: 3,
      machineWashable: true,
    },
  }),
  product('CW-TXT-016', 'Long Table Linen Tablecloth', 8400, 19, {
    description:
      'Seats eight with an even drop all round. Iron it for guests or do not, it looks well either way.',
    attributes: { material: 'linen', color: 'flax', widthCm: 150, lengthCm: 270, machineWashable: true },
  }),
  product('CW-TXT-017', "Baker's Apron", 4100, 8, {
    description:
      'Cross-back straps take the weight off the neck, and the pocket is deep enough for a dough scraper. The last of the old indigo cloth.',
    status: 'archived',
    attributes: { material: 'cotton canvas', color: 'indigo', lengthCm: 92, machineWashable: true },
  }),
]);
