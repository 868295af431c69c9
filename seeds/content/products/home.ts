import { product, shelf } from '../seed-product';

export const HOME_PRODUCTS = shelf('home-and-living', 6, [
  product('CW-HOM-001', 'Tidewrack Seagrass Basket', 3900, 43, {
    description:
      "A round basket with two loop handles, big enough for blankets or a small boy's entire fleet of cars.",
    attributes: { material: 'seagrass', color: 'natural', diameterCm: 40, heightCm: 35 },
  }),
  product('CW-HOM-002', 'Crofter Log Basket', 7900, 9, {
    description: 'Woven from split willow on a solid ash base, with leather grips that improve with use.',
    attributes: { material: 'willow', diameterCm: 52, heightCm: 42, weightG: 2600 },
  }),
  product('CW-HOM-003', 'Fig Leaf Soy Candle', 2400, 105, {
    description:
      'Green, a little milky and not at all sweet, like standing under the tree in August. Burns for about forty-five hours.',
    attributes: { material: 'soy wax', scent: 'fig leaf', burnHours: 45, weightG: 220 },
  }),
  product('CW-HOM-004', 'Cedar & Smoke Soy Candle', 2400, 82, {
    description: 'Pencil shavings and a fire that went out an hour ago.',
    attributes: { material: 'soy wax', scent: 'cedar', burnHours: 45, weightG: 220 },
  }),
  product('CW-HOM-005', 'Beeswax Taper Candles, Set of 6', 1950, 130, {
    description:
      'Hand-dipped candles with a honey scent that is noticed only when you lean in. They fit standard holders.',
    attributes: { material: 'beeswax', color: 'honey', heightCm: 25, pieces: 6 },
  }),
  product('CW-HOM-006', 'Three Stem Vase', 3300, 35, {
    description:
      'Three narrow necks on one shared base, so that a few stems look like a decision. Watertight and heavy enough not to topple.',
    attributes: { material: 'stoneware', color: 'chalk', heightCm: 21, widthCm: 18 },
  }),
  product('CW-HOM-007', 'Tall Reed Floor Vase', 8900, 7, {
    description: 'A ribbed glass cylinder for branches, pampas or the umbrellas that never find a home.',
    compareAtPriceMinor: 11500,
    attributes: { material: 'recycled glass', color: 'amber', heightCm: 58, diameterCm: 20 },
  }),
  product('CW-HOM-008', 'Quiet Hour Wall Clock', 5600, 32, {
    description:
      'A sweeping movement without a tick, behind a face that can be read from the far end of the room.',
    featured: true,
    attributes: { material: 'oak', diameterCm: 32, silent: true },
  }),
  product('CW-HOM-009', 'Hall Mirror with Shelf', 11900, 10, {
    description: 'A rounded mirror over a narrow oak ledge for keys, post and the last look before leaving.',
    attributes: { material: 'oak', widthCm: 45, heightCm: 70, weightG: 6200 },
  }),
  product('CW-HOM-010', 'Peg Rail, Five Pegs', 3450, 77, {
    description:
      'Turned pegs in a solid rail, angled so that coats stay put. Screws and plugs are in the box.',
    attributes: { material: 'beech', lengthCm: 75, pieces: 5 },
  }),
  product('CW-HOM-011', 'Ladder Shelf', 17900, 6, {
    description:
      'Five steps of shelf that lean against the wall and fix to it with one discreet bracket. Flat-packed, with a single tool.',
    compareAtPriceMinor: 21000,
    attributes: { material: 'ash', widthCm: 55, heightCm: 180, weightG: 9800 },
  }),
  product('CW-HOM-012', 'Plant Stand, Low', 4600, 25, {
    description:
      'Raises a pot off the floor and out of the draught. The cross bars slide to fit pots from eighteen to twenty-eight centimetres.',
    attributes: { material: 'acacia', heightCm: 20, widthCm: 30 },
  }),
  product('CW-HOM-013', 'Mender Toolbox', 4200, 47, {
    description:
      'A steel box with a lift-out tray for the screwdriver, the spare fuses and the one hex key that fits.',
    attributes: { material: 'powder coated steel', color: 'mustard', lengthCm: 36, weightG: 1700 },
  }),
  product('CW-HOM-014', 'Door Stop Pebble', 2650, 0, {
    description: 'A river stone with a rope loop, heavy enough to hold a door against a summer wind.',
    attributes: { material: 'stone', weightG: 1900, diameterCm: 13 },
  }),
  product('CW-HOM-015', 'Folding Laundry Airer', 6400, 20, {
    description:
      'Unfolds to eleven metres of rail and closes to the thickness of a hand. Untreated beech dries by itself.',
    attributes: { material: 'beech', widthCm: 60, heightCm: 110, foldable: true },
  }),
  product('CW-HOM-016', 'Picture Ledge, 90 cm', 2900, 59, {
    description:
      'A slim ledge with a lip and a groove, for frames you like to move around without new holes in the wall.',
    attributes: { material: 'oak', lengthCm: 90, depthCm: 10 },
  }),
]);
