/** A sort of thing that the generator makes: its price range in cents, and a measure around a typical value. */
export interface Kind {
  readonly noun: string;
  readonly use: string;
  readonly minPriceMinor: number;
  readonly maxPriceMinor: number;
  readonly measure: string;
  readonly typical: number;
}

interface Aisle {
  readonly categorySlug: string;
  /** A yes-or-no attribute that its products have. */
  readonly trait: string;
  readonly materials: readonly Material[];
  readonly kinds: readonly Kind[];
}

export type Material = keyof typeof MATERIALS;

export const MATERIALS = {
  acacia: 'Acacia is dense and oily enough to shrug off water.',
  aluminium: 'Aluminium keeps it light and free of rust.',
  ash: 'Ash is pale, springy and strong for its weight.',
  bamboo: 'Bamboo grows back in three years and hardly warps.',
  beech: 'Close-grained beech wears smooth and never splinters.',
  'bone china': 'Bone china is thin at the rim and tougher than it looks.',
  brass: 'The brass is unlacquered and darkens where it is touched.',
  canvas: 'The canvas is stiff at first and breaks in like a good boot.',
  card: 'The card is heavy, uncoated and made from recovered fibre.',
  'carbon steel': 'Carbon steel heats quickly and wants only a drop of oil.',
  'cast iron': 'Cast iron takes its time to warm up and even longer to cool down.',
  ceramic: 'The ceramic is fired twice and glazed by hand.',
  cork: 'Cork is warm to the touch and quiet on a table.',
  cotton: 'The cotton is long-stapled and softens in the wash.',
  enamel: 'Enamel over steel cleans easily and keeps no smells.',
  flannel: 'The flannel is brushed on both sides.',
  glass: 'The glass is tempered, so that it survives the dishwasher and most falls.',
  jute: 'Jute is rough, hard-wearing and smells faintly of hay.',
  leather: 'The leather is tanned with bark and marks with use.',
  linen: 'The linen is stonewashed and needs no ironing.',
  nylon: 'Ripstop nylon stops a small tear from becoming a large one.',
  oak: 'The oak is oiled, and can be sanded and oiled again.',
  opal: 'Opal glass spreads the light without a glare.',
  percale: 'Percale is a plain, tight weave that stays cool.',
  polyester: 'The polyester is spun from recovered bottles.',
  porcelain: 'The porcelain is fired hot enough to ring when tapped.',
  rattan: 'The rattan is woven wet and tightens as it dries.',
  steel: 'The steel is stainless throughout, screws included.',
  stoneware: 'Stoneware holds its heat and forgives a knock.',
  terracotta: 'Terracotta breathes and weathers to a softer red.',
  titanium: 'Titanium weighs almost nothing and does not rust.',
  walnut: 'The walnut comes from trees that had to be felled anyway.',
  wool: 'Wool sheds dirt, resists flame and airs out overnight.',
} as const;

export const ADJECTIVES =
  `Alder Amber Autumn Barley Bramble Brindle Calm Chalk Classic Clover Coastal Copse Cosy Country Dapper Daybreak
  Everyday Fallow Fen Gentle Glen Hardy Hazel Heath Heritage Homely Honest Humble Island Ivy Jolly Juniper Linden
  Meadow Mellow Modern Modest Moorland Noble Northern Orchard Pebble Quiet Rowan Rustic Simple Sorrel Southern
  Sturdy Thistle Tidal Tidy Upland Village Weathered Willow Yarrow`.split(/\s+/);

export const COLORS =
  'Bone Brick Charcoal Clay Cream Fern Fog Indigo Midnight Moss Mustard Oatmeal Plum Rust Sage Sand Slate Teal'.split(
    ' ',
  );

export const AISLES: readonly Aisle[] = [
  {
    categorySlug: 'kitchen-and-table',
    trait: 'handmade',
    materials: ['acacia', 'beech', 'oak', 'walnut', 'steel'],
    kinds: [
      kind(
        'Serving Board',
        'for bread, cheese and whatever else the evening brings',
        2200,
        7900,
        'lengthCm',
        40,
      ),
      kind('Utensil Pot', 'that keeps spoons and whisks within reach of the hob', 1600, 4200, 'heightCm', 17),
      kind('Salad Bowl', 'for a salad that feeds the whole table', 2800, 8900, 'diameterCm', 30),
      kind('Spice Rack', 'with room for the jars you really use', 2400, 6900, 'widthCm', 38),
      kind('Fruit Stand', 'that lets air under pears and peaches', 2600, 7400, 'diameterCm', 28),
      kind(
        'Breakfast Tray',
        'with raised edges and handles for two sleepy hands',
        3200,
        8200,
        'lengthCm',
        46,
      ),
      kind('Trivet', 'to stand between a hot pot and a good table', 900, 2600, 'diameterCm', 20),
    ],
  },
  {
    categorySlug: 'mugs-and-glasses',
    trait: 'dishwasherSafe',
    materials: ['stoneware', 'porcelain', 'bone china', 'glass', 'enamel'],
    kinds: [
      kind('Mug', 'for the first drink of the morning', 1100, 3200, 'capacityMl', 340),
      kind('Beaker', 'that suits cold milk as well as hot tea', 900, 2800, 'capacityMl', 280),
      kind('Espresso Cup', 'that fits below any machine', 900, 2400, 'capacityMl', 80),
      kind('Latte Bowl', 'to be held in both hands', 1400, 3600, 'capacityMl', 450),
      kind('Water Jug', 'with a spout that does not dribble', 2400, 6200, 'capacityMl', 1400),
      kind('Egg Cup', 'for eggs of every size, and the odd daisy', 600, 1500, 'heightCm', 6),
    ],
  },
  {
    categorySlug: 'cookware',
    trait: 'lidIncluded',
    materials: ['cast iron', 'carbon steel', 'steel', 'enamel'],
    kinds: [
      kind('Skillet', 'for eggs, steaks and cornbread', 3200, 9800, 'diameterCm', 26),
      kind('Casserole', 'for stews that take the afternoon', 7900, 21900, 'capacityMl', 4500),
      kind('Stock Pot', 'for bones, beans and a large family', 4900, 13900, 'capacityMl', 8000),
      kind('Milk Pan', 'with a lip on either side', 2400, 5900, 'capacityMl', 1100),
      kind('Roasting Pan', 'deep enough to make the gravy in', 3400, 8900, 'lengthCm', 38),
      kind('Crepe Pan', 'with a rim that stays out of the way of the spatula', 2900, 7400, 'diameterCm', 25),
      kind('Gratin Dish', 'that goes from the oven to the table', 2600, 7900, 'lengthCm', 30),
    ],
  },
  {
    categorySlug: 'coffee-and-tea',
    trait: 'dishwasherSafe',
    materials: ['ceramic', 'glass', 'steel', 'stoneware', 'porcelain'],
    kinds: [
      kind('Coffee Dripper', 'with ribs that let the water through at an even pace', 1600, 4900, 'cups', 3),
      kind('Teapot', 'with a strainer behind the spout', 2800, 8900, 'capacityMl', 1000),
      kind('Coffee Canister', 'whose lid presses the air out', 1900, 4600, 'capacityMl', 1200),
      kind('Milk Pitcher', 'with a sharp beak for pouring', 1500, 3900, 'capacityMl', 400),
      kind('Sugar Bowl', 'with a notch in the lid for the spoon', 1200, 3200, 'capacityMl', 250),
    ],
  },
  {
    categorySlug: 'home-and-living',
    trait: 'handmade',
    materials: ['oak', 'ash', 'rattan', 'brass', 'ceramic'],
    kinds: [
      kind('Storage Box', 'for the things that have no other place', 2200, 6900, 'widthCm', 32),
      kind('Bud Vase', 'for one stem and a little water', 1200, 4200, 'heightCm', 16),
      kind('Candle Holder', 'that takes any ordinary taper', 1100, 4800, 'heightCm', 12),
      kind('Wall Hook', 'strong enough for a wet winter coat', 800, 2600, 'depthCm', 7),
      kind('Side Table', 'the height of an armrest', 8900, 26900, 'heightCm', 48),
      kind('Picture Frame', 'that stands or hangs, upright or across', 1400, 5400, 'widthCm', 24),
      kind('Umbrella Stand', 'with a tray for the drips', 3900, 11900, 'heightCm', 52),
      kind('Magazine Rack', 'to keep by the armchair', 3400, 8900, 'widthCm', 36),
    ],
  },
  {
    categorySlug: 'lighting',
    trait: 'dimmable',
    materials: ['brass', 'steel', 'opal', 'rattan', 'ceramic'],
    kinds: [
      kind('Table Lamp', 'for a sideboard or a deep windowsill', 4200, 15900, 'heightCm', 42),
      kind('Pendant', 'to hang low over a table', 4900, 18900, 'diameterCm', 34),
      kind('Wall Lamp', 'for a hall or beside a bed', 3900, 11900, 'heightCm', 26),
      kind('Floor Lamp', 'to stand behind the good chair', 8900, 28900, 'heightCm', 150),
      kind('Reading Lamp', 'with a head that turns wherever the page is', 4900, 13900, 'heightCm', 50),
      kind(
        'Night Light',
        'bright enough for the way to the bathroom and no more',
        1600,
        4400,
        'heightCm',
        12,
      ),
    ],
  },
  {
    categorySlug: 'textiles',
    trait: 'machineWashable',
    materials: ['linen', 'cotton', 'wool', 'jute'],
    kinds: [
      kind('Cushion Cover', 'with a hidden zip along the seam', 1800, 5400, 'widthCm', 50),
      kind('Throw', 'for the arm of the sofa and the end of the evening', 4200, 14900, 'lengthCm', 180),
      kind('Table Runner', 'that leaves the wood to be seen on both sides', 2200, 6400, 'lengthCm', 150),
      kind('Floor Rug', 'woven flat, so that doors pass over it', 7900, 39900, 'lengthCm', 220),
      kind('Seat Pad', 'with ties for kitchen chairs', 1500, 3900, 'widthCm', 40),
      kind('Door Curtain', 'that keeps the draught out', 4900, 12900, 'lengthCm', 240),
    ],
  },
  {
    categorySlug: 'bedding',
    trait: 'machineWashable',
    materials: ['linen', 'percale', 'flannel', 'cotton', 'wool'],
    kinds: [
      kind('Duvet Cover', 'with ties in the corners', 6900, 19900, 'widthCm', 200),
      kind('Pillowcase', 'with an envelope back and no buttons to lie on', 1600, 4200, 'widthCm', 75),
      kind('Fitted Sheet', 'with elastic all round', 3400, 8900, 'widthCm', 160),
      kind('Bed Blanket', 'for the weeks when a duvet is too much', 5900, 16900, 'lengthCm', 220),
      kind('Bedspread', 'that reaches the floor on both sides', 7900, 21900, 'lengthCm', 250),
    ],
  },
  {
    categorySlug: 'desk-and-paper',
    trait: 'handmade',
    materials: ['oak', 'walnut', 'steel', 'brass', 'cork'],
    kinds: [
      kind('Pen Tray', 'with one groove for the pen in use', 1400, 4200, 'lengthCm', 24),
      kind('Letter Rack', 'for what has to be answered', 1900, 4900, 'widthCm', 18),
      kind('Book End', 'heavy enough for dictionaries', 1600, 5200, 'heightCm', 15),
      kind('Monitor Stand', 'that frees the space below the screen', 4400, 11900, 'widthCm', 52),
      kind('Memo Holder', 'for the one note that matters today', 900, 2600, 'widthCm', 10),
      kind('Pencil Cup', 'wide enough for scissors too', 1100, 3400, 'heightCm', 11),
    ],
  },
  {
    categorySlug: 'notebooks',
    trait: 'refillable',
    materials: ['linen', 'leather', 'card', 'cork'],
    kinds: [
      kind('Notebook', 'sewn so that it lies flat', 1200, 3900, 'pages', 192),
      kind('Sketchbook', 'with paper that has a little tooth', 1600, 4600, 'pages', 96),
      kind('Week Planner', 'that starts in any week you like', 1900, 4800, 'pages', 144),
      kind('Travel Journal', 'with a pocket for tickets', 1800, 5200, 'pages', 160),
      kind('Guest Book', 'for the names that come through the door', 2600, 6900, 'pages', 120),
    ],
  },
  {
    categorySlug: 'outdoors',
    trait: 'weatherproof',
    materials: ['canvas', 'leather', 'nylon', 'polyester'],
    kinds: [
      kind('Backpack', 'with one big compartment and one small one', 5900, 18900, 'capacityL', 24),
      kind('Tote Bag', 'that folds into its own pocket', 1900, 6900, 'capacityL', 16),
      kind('Duffel Bag', 'for three days away', 6900, 19900, 'capacityL', 42),
      kind('Garden Apron', 'with loops for secateurs and twine', 2900, 7400, 'lengthCm', 80),
      kind('Tool Roll', 'with eight slots and a tie', 2400, 6900, 'lengthCm', 58),
      kind('Bottle Sling', 'to carry water across the shoulder', 1600, 4200, 'capacityMl', 750),
    ],
  },
  {
    categorySlug: 'camping',
    trait: 'recycled',
    materials: ['nylon', 'canvas', 'polyester', 'cotton'],
    kinds: [
      kind('Tent', 'that one person can pitch alone', 15900, 52900, 'weightG', 2600),
      kind('Sleeping Bag', 'with a hood that closes around the face', 7900, 32900, 'weightG', 1300),
      kind('Hammock', 'with straps that are kind to bark', 3900, 9900, 'lengthCm', 290),
      kind('Tarp', 'with a loop at every corner and along the ridge', 3900, 11900, 'lengthCm', 300),
      kind('Camp Stool', 'that weighs less than a full flask', 2400, 6900, 'heightCm', 38),
      kind('Stuff Sack', 'that rolls shut against the rain', 1200, 3900, 'capacityL', 12),
    ],
  },
];

type KindRow = [
  noun: string,
  use: string,
  minPriceMinor: number,
  maxPriceMinor: number,
  measure: string,
  typical: number,
];

function kind(...[noun, use, minPriceMinor, maxPriceMinor, measure, typical]: KindRow): Kind {
  return { noun, use, minPriceMinor, maxPriceMinor, measure, typical };
}
