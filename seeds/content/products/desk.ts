import { product, shelf } from '../seed-product';

export const DESK_PRODUCTS = shelf('desk-and-paper', 15, [
  product('CW-DSK-001', 'Surveyor Brass Ballpoint', 3400, 66, {
    description:
      'Turned from a single rod of brass that darkens where you hold it. Takes the refill that every stationer sells.',
    attributes: { material: 'brass', lengthCm: 13.5, weightG: 32, refillable: true },
  }),
  product('CW-DSK-002', 'Estuary Fountain Pen', 5900, 25, {
    description:
      'A smooth steel nib and a balanced barrel that can be held for a whole letter. Fills from cartridges or, with the converter supplied, from a bottle.',
    compareAtPriceMinor: 6900,
    featured: true,
    attributes: { material: 'resin', color: 'teal', nib: 'fine', refillable: true },
  }),
  product('CW-DSK-003', 'Iron Gall Ink, Blue-Black', 1450, 83, {
    description:
      'Goes down blue, turns nearly black within a day and does not run when the rain finds the envelope.',
    attributes: { color: 'blue-black', capacityMl: 50, waterproof: true },
  }),
  product('CW-DSK-004', 'Cedar Pencils, Box of 12', 1200, 240, {
    description:
      'Straight-grained cedar that sharpens to a long point, with a graphite that neither scratches nor smears.',
    attributes: { material: 'cedar', hardness: 'HB', pieces: 12 },
  }),
  product('CW-DSK-005', 'Two Step Pencil Sharpener', 1350, 118, {
    description:
      'The first hole bares the wood and the second shapes the lead, for a point that lasts twice as long.',
    attributes: { material: 'brass', weightG: 28 },
  }),
  product('CW-DSK-006', 'Drafting Pencil, 0.5 mm', 2250, 70, {
    description: 'A knurled grip, a sliding sleeve and a clip that holds on to a shirt pocket.',
    attributes: { material: 'aluminium', color: 'graphite', leadMm: 0.5, refillable: true },
  }),
  product('CW-DSK-007', 'Left & Right Desk Scissors', 1990, 95, {
    description:
      'Symmetrical handles for either hand and blades long enough to cut wrapping paper in one glide.',
    attributes: { material: 'stainless steel', lengthCm: 21, ambidextrous: true },
  }),
  product('CW-DSK-008', 'Paperweight Tape Dispenser', 2800, 39, {
    description: 'A concrete block with a serrated edge, too heavy to follow the tape across the desk.',
    attributes: { material: 'concrete', color: 'grey', weightG: 950 },
  }),
  product('CW-DSK-009', 'Stacking Letter Tray', 3600, 44, {
    description: 'Bent plywood trays that stack square or staggered, depending on how urgent things are.',
    attributes: { material: 'birch plywood', widthCm: 25, lengthCm: 33, stackable: true },
  }),
  product('CW-DSK-010', 'Index Card Box', 2950, 31, {
    description:
      'A dovetailed box for five hundred cards, with a rod that keeps them in order when you pull the drawer too far.',
    attributes: { material: 'oak', capacityCards: 500, lengthCm: 30 },
  }),
  product('CW-DSK-011', 'Ruled Index Cards, 200 Pieces', 890, 310, {
    description: 'Stiff cards with a red head line, happy to be shuffled, pinned and rubbed out.',
    attributes: { material: 'card', weightGsm: 205, pieces: 200 },
  }),
  product('CW-DSK-012', 'Laptop Riser', 6900, 18, {
    description:
      'Lifts the screen to eye level and leaves room below for the keyboard. Folds flat with two hinges and no screws.',
    attributes: { material: 'birch plywood', widthCm: 28, heightCm: 16, foldable: true },
  }),
  product('CW-DSK-013', 'Wool Felt Desk Mat', 4200, 53, {
    description:
      'Softens the sound of typing and keeps the forearms off a cold table. Cork beneath stops it from sliding.',
    attributes: { material: 'wool felt', color: 'charcoal', widthCm: 80, heightCm: 35 },
  }),
  product('CW-DSK-014', 'Cable Snail, Set of 3', 1650, 5, {
    description: 'Leather curls that snap around a cable and hold its end at the edge of the desk.',
    attributes: { material: 'leather', color: 'tan', pieces: 3 },
  }),
  product('CW-DSK-015', 'Correspondence Cards, 20 with Envelopes', 2100, 61, {
    description: 'Thick cotton card with a deckle edge, for the letters that should not be e-mails.',
    attributes: { material: 'cotton paper', weightGsm: 300, pieces: 20 },
  }),
  product('CW-DSK-016', 'Perpetual Desk Calendar', 3200, 0, {
    description:
      'Two cubes and three bars show any date there will ever be, provided someone turns them in the morning.',
    attributes: { material: 'maple', widthCm: 14, heightCm: 9 },
  }),
]);
