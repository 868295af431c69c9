import { product, shelf } from '../seed-product';

export const LIGHTING_PRODUCTS = shelf('lighting', 5, [
  product('CW-LGT-001', 'Foundry Desk Lamp', 8900, 27, {
    description:
      'Two sprung arms that stay where you leave them and a shade that keeps glare out of your eyes. The switch is on the head, where the hand is.',
    featured: true,
    attributes: { material: 'steel', color: 'bottle green', heightCm: 62, socket: 'E27', dimmable: false },
  }),
  product('CW-LGT-002', 'Toadstool Table Lamp', 6400, 33, {
    description: 'A glass dome on a glass stem that glows from top to bottom. Small enough for a windowsill.',
    attributes: { material: 'opal glass', color: 'cream', heightCm: 29, socket: 'E14', dimmable: true },
  }),
  product('CW-LGT-003', 'Storyteller Bedside Lamp', 4900, 50, {
    description: 'Touch the base for three levels of warm light, the lowest of which will not wake anybody.',
    attributes: { material: 'ceramic', color: 'terracotta', heightCm: 34, socket: 'E14', dimmable: true },
  }),
  product('CW-LGT-004', 'Heron Floor Lamp', 18900, 8, {
    description:
      'A thin brass neck that bends over the back of an armchair. The marble foot keeps it from doing so by itself.',
    compareAtPriceMinor: 22900,
    attributes: { material: 'brass', heightCm: 155, weightG: 7400, socket: 'E27', dimmable: true },
  }),
  product('CW-LGT-005', 'Tripod Floor Lamp', 15900, 13, {
    description: 'Three ash legs under a linen drum shade, for a corner that needs both light and company.',
    attributes: { material: 'ash and linen', color: 'natural', heightCm: 148, socket: 'E27', dimmable: true },
  }),
  product('CW-LGT-006', 'Schoolroom Pendant', 9400, 22, {
    description:
      'An opal globe with a stepped neck, of the kind that once hung over long tables and inky fingers.',
    attributes: { material: 'opal glass', diameterCm: 30, socket: 'E27', dimmable: true },
  }),
  product('CW-LGT-007', 'Workshop Pendant', 7600, 30, {
    description:
      'Enamelled steel, white inside to throw the light down over a counter. Hangs from two metres of cotton cord.',
    attributes: {
      material: 'enamelled steel',
      color: 'black',
      diameterCm: 36,
      socket: 'E27',
      dimmable: true,
    },
  }),
  product('CW-LGT-008', 'Paper Moon Shade', 2900, 90, {
    description: 'A round rice-paper shade on a bamboo frame that folds flat for moving house.',
    attributes: { material: 'rice paper', color: 'white', diameterCm: 50, foldable: true },
  }),
  product('CW-LGT-009', 'Basketmaker Rattan Shade', 6900, 4, {
    description:
      'Open weave that scatters leaf shadows over the ceiling. Fits most pendant fittings with the ring supplied.',
    attributes: { material: 'rattan', color: 'natural', diameterCm: 45, heightCm: 28 },
  }),
  product('CW-LGT-010', 'Corridor Wall Light', 5400, 37, {
    description:
      'A half-dome that washes light up and down the plaster. Paint it to match the wall, or leave it white.',
    attributes: { material: 'plaster', color: 'white', widthCm: 24, socket: 'E14', dimmable: true },
  }),
  product('CW-LGT-011', 'Swing Arm Reading Light', 7900, 18, {
    description:
      'Reaches half a metre from the wall and turns its back on whoever is sleeping. Hard-wired or plugged in.',
    attributes: { material: 'brass', reachCm: 52, socket: 'E14', dimmable: true },
  }),
  product('CW-LGT-012', 'Firefly String Lights, 10 m', 3200, 115, {
    description: 'Eighty warm points on a fine copper wire that can be bent around a banister or a fig tree.',
    compareAtPriceMinor: 3900,
    attributes: { material: 'copper wire', lengthCm: 1000, bulbs: 80, waterproof: true },
  }),
  product('CW-LGT-013', 'Portable Table Lantern', 5900, 0, {
    description:
      'A rechargeable lamp for the balcony or a power cut, with twelve hours of light on its middle setting.',
    attributes: { material: 'aluminium', color: 'clay', heightCm: 26, rechargeable: true, waterproof: true },
  }),
  product('CW-LGT-014', 'Warm Filament Bulb, E27', 850, 320, {
    description: 'An LED that looks like the bulbs it replaces and uses a tenth of the power.',
    attributes: { socket: 'E27', powerW: 6, lumen: 600, colorTemperatureK: 2400, dimmable: true },
  }),
  product('CW-LGT-015', 'Warm Filament Bulb, E14', 790, 260, {
    description: 'The candle-shaped version for bedside lamps and chandeliers, with the same gentle light.',
    attributes: { socket: 'E14', powerW: 4, lumen: 400, colorTemperatureK: 2400, dimmable: true },
  }),
  product('CW-LGT-016', 'Braided Lamp Cord, 3 m', 2150, 76, {
    description:
      'Linen-covered cord with a switch halfway and a socket at the end, ready for a shade of your own.',
    attributes: { material: 'linen', color: 'oatmeal', lengthCm: 300, socket: 'E27' },
  }),
  product('CW-LGT-017', 'Sunrise Alarm Lamp', 8200, 24, {
    description:
      'Brightens over thirty minutes until getting up seems like your own idea. The display can be switched off altogether.',
    status: 'draft',
    attributes: { material: 'birch and acrylic', heightCm: 18, dimmable: true, rechargeable: false },
  }),
]);
