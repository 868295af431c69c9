import { product, shelf } from '../seed-product';

export const BEDDING_PRODUCTS = shelf('bedding', 6, [
  product('CW-BED-001', 'Stillwater Linen Duvet Cover, Double', 14900, 26, {
    description:
      'Stonewashed linen that is cool in July and warm in January. Corner ties hold the duvet where it should be.',
    featured: true,
    attributes: { material: 'linen', color: 'fog', size: 'double', machineWashable: true },
  }),
  product('CW-BED-002', 'Stillwater Linen Duvet Cover, King', 17900, 14, {
    description:
      'The Stillwater cover for a wide bed, cut from a single width of cloth without a centre seam.',
    attributes: { material: 'linen', color: 'fog', size: 'king', machineWashable: true },
  }),
  product('CW-BED-003', 'Stillwater Linen Pillowcases, Pair', 5400, 58, {
    description: 'Two envelope-backed cases that grow softer with every wash and ask for no ironing at all.',
    attributes: {
      material: 'linen',
      color: 'fog',
      widthCm: 75,
      heightCm: 50,
      pieces: 2,
      machineWashable: true,
    },
  }),
  product('CW-BED-004', 'Crisp Percale Sheet Set, Double', 9900, 41, {
    description:
      'A fitted sheet, a flat sheet and two cases in tightly woven cotton, with the cool, matt hand of a good hotel.',
    compareAtPriceMinor: 11900,
    attributes: {
      material: 'cotton percale',
      color: 'white',
      size: 'double',
      threadCount: 200,
      pieces: 4,
      machineWashable: true,
    },
  }),
  product('CW-BED-005', 'Crisp Percale Sheet Set, King', 11900, 3, {
    description:
      'The same percale for a king-size mattress, with deep elastic that reaches under a thick topper.',
    attributes: {
      material: 'cotton percale',
      color: 'white',
      size: 'king',
      threadCount: 200,
      pieces: 4,
      machineWashable: true,
    },
  }),
  product('CW-BED-006', 'Brushed Flannel Fitted Sheet', 4900, 66, {
    description: 'Brushed on both sides, for people whose feet are the last part of them to fall asleep.',
    attributes: { material: 'cotton flannel', color: 'pine check', size: 'double', machineWashable: true },
  }),
  product('CW-BED-007', 'Four Season Down Duvet', 24900, 9, {
    description:
      'A light summer duvet and a spring one that button together for the winter. Box-stitched so that the filling cannot wander.',
    compareAtPriceMinor: 28900,
    attributes: { material: 'duck down', size: 'double', togRating: 13.5, machineWashable: false },
  }),
  product('CW-BED-008', 'Wool Fill Duvet, Light', 13900, 17, {
    description:
      'Wool carries damp away from the body and keeps two differently warm people equally content.',
    attributes: { material: 'wool', size: 'double', togRating: 6, machineWashable: true },
  }),
  product('CW-BED-009', 'Plant Fibre Duvet, All Year', 8900, 35, {
    description: 'A supple, down-free duvet filled with fibre from corn starch, washable at forty degrees.',
    attributes: { material: 'plant fibre', size: 'double', togRating: 9, machineWashable: true },
  }),
  product('CW-BED-010', 'Goose Feather Pillow, Medium', 5900, 72, {
    description:
      'Feathers in the core for support and down around them for comfort. Shake it in the morning and it forgets the night.',
    attributes: {
      material: 'goose feather',
      firmness: 'medium',
      widthCm: 75,
      heightCm: 50,
      machineWashable: true,
    },
  }),
  product('CW-BED-011', 'Buckwheat Hull Pillow', 4600, 30, {
    description:
      'Firm, cool and a little noisy. Open the zip to add or remove hulls until it holds your neck at the right height.',
    attributes: {
      material: 'buckwheat hulls',
      firmness: 'firm',
      widthCm: 60,
      heightCm: 40,
      machineWashable: false,
    },
  }),
  product('CW-BED-012', 'Side Sleeper Latex Pillow', 7400, 0, {
    description:
      'A contoured core of natural latex with channels for air, higher at one edge than at the other.',
    attributes: {
      material: 'natural latex',
      firmness: 'medium firm',
      widthCm: 65,
      heightCm: 42,
      machineWashable: false,
    },
  }),
  product('CW-BED-013', 'Quilted Mattress Protector', 4400, 88, {
    description: 'A cotton layer with a silent waterproof back, held down by elastic at all four corners.',
    attributes: { material: 'cotton', size: 'double', waterproof: true, machineWashable: true },
  }),
  product('CW-BED-014', 'Shepherd Wool Blanket', 11500, 21, {
    description:
      'Milled and raised until it has a soft nap on both faces, and bound in satin at top and bottom.',
    attributes: { material: 'wool', color: 'heather', widthCm: 180, lengthCm: 230, machineWashable: false },
  }),
  product('CW-BED-015', 'Cloudberry Quilted Bedspread', 12900, 12, {
    description: 'Stitched in long wandering lines, with one side plain and the other finely striped.',
    attributes: { material: 'cotton', color: 'apricot', widthCm: 230, lengthCm: 250, machineWashable: true },
  }),
  product('CW-BED-016', 'Cradle Cotton Blanket', 3400, 54, {
    description: 'A cellular weave that traps warmth and lets a small sleeper breathe through it.',
    attributes: {
      material: 'organic cotton',
      color: 'milk',
      widthCm: 75,
      lengthCm: 100,
      machineWashable: true,
    },
  }),
  product('CW-BED-017', 'Night Train Sleep Mask', 1950, 0, {
    description: 'Padded silk with a wide, soft band that does not slip or press on the ears.',
    status: 'draft',
    attributes: { material: 'silk', color: 'ink', widthCm: 21, machineWashable: false },
  }),
]);
