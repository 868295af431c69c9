import { product, shelf } from '../seed-product';

export const KITCHEN_PRODUCTS = shelf('kitchen-and-table', 8, [
  product('CW-KIT-001', 'Orchard Walnut Chopping Board', 5900, 34, {
    description:
      'An end-grain block that closes over knife marks instead of keeping them. Rubber feet underneath hold it still while you work.',
    attributes: { material: 'walnut', lengthCm: 40, widthCm: 28, dishwasherSafe: false },
  }),
  product('CW-KIT-002', 'Threshing Bread Board', 3450, 52, {
    description: 'The slatted top lifts out so that crumbs fall into a tray and not onto the table.',
    attributes: { material: 'beech', lengthCm: 42, widthCm: 24, dishwasherSafe: false },
  }),
  product('CW-KIT-003', 'Olive Grove Salad Servers', 2400, 71, {
    description:
      'A fork and a spoon cut from one piece of olive wood each, so no two pairs have the same grain.',
    attributes: { material: 'olive wood', lengthCm: 30, pieces: 2, dishwasherSafe: false },
  }),
  product('CW-KIT-004', 'Pippin Paring Knife', 1850, 120, {
    description:
      'A short, stiff blade for coring, peeling and trimming beans. The pear-wood handle sits low in the palm.',
    attributes: { material: 'carbon steel', bladeCm: 9, dishwasherSafe: false },
  }),
  product('CW-KIT-005', "Tannery Chef's Knife", 8900, 18, {
    description:
      'Twenty centimetres of forged steel with enough weight to do half the chopping itself. It arrives sharp and comes with a cork-lined sheath.',
    compareAtPriceMinor: 10900,
    featured: true,
    attributes: { material: 'forged steel', bladeCm: 20, weightG: 230, dishwasherSafe: false },
  }),
  product('CW-KIT-006', 'Crustwell Bread Knife', 4600, 27, {
    description: 'Deep, rounded serrations bite into a dark crust without tearing the crumb below.',
    attributes: { material: 'stainless steel', bladeCm: 25, dishwasherSafe: false },
  }),
  product('CW-KIT-007', 'Chalk Cliff Dinner Plates, Set of 4', 6400, 22, {
    description:
      'Matt white plates with an unglazed rim that shows the speckled clay. Stackable, and easy to replace one at a time.',
    attributes: { material: 'stoneware', color: 'white', diameterCm: 27, pieces: 4, dishwasherSafe: true },
  }),
  product('CW-KIT-008', 'Saltmarsh Pasta Bowls, Set of 4', 5800, 4, {
    description:
      'Wide, shallow bowls that keep the sauce under the spaghetti where it belongs. The blue-green glaze pools at the centre.',
    attributes: {
      material: 'stoneware',
      color: 'sea green',
      diameterCm: 23,
      pieces: 4,
      dishwasherSafe: true,
    },
  }),
  product('CW-KIT-009', 'Acorn Salt Cellar', 2150, 63, {
    description: 'A swivel lid keeps steam out, and a thumb opens it while the other hand stirs.',
    attributes: { material: 'acacia', color: 'brown', heightCm: 7, dishwasherSafe: false },
  }),
  product('CW-KIT-010', 'Lighthouse Pepper Mill', 3900, 41, {
    description:
      'A tall beech mill with a ceramic grinder and six clicked settings, from dust for eggs to cracked for steak.',
    attributes: { material: 'beech', heightCm: 22, color: 'red and white', dishwasherSafe: false },
  }),
  product('CW-KIT-011', 'Nesting Enamel Mixing Bowls, Set of 3', 4250, 38, {
    description: 'Three light bowls that hold a cake, a salad and a marinade, and store in the space of one.',
    compareAtPriceMinor: 4990,
    attributes: { material: 'enamelled steel', color: 'cream', pieces: 3, dishwasherSafe: true },
  }),
  product('CW-KIT-012', 'Bend & Scrape Spatula Trio', 1690, 140, {
    description:
      'One for jars, one for batter and one narrow enough for the corners of a roasting tin. The heads come off for washing.',
    attributes: {
      material: 'silicone',
      color: 'brick',
      pieces: 3,
      maxTemperatureC: 230,
      dishwasherSafe: true,
    },
  }),
  product('CW-KIT-013', 'Cork Top Pantry Jar, 1 Litre', 1450, 210, {
    description: 'A straight-sided jar for flour, lentils or pasta, wide enough to take a measuring scoop.',
    attributes: { material: 'borosilicate glass', capacityMl: 1000, heightCm: 17, dishwasherSafe: true },
  }),
  product('CW-KIT-014', 'Feather Kitchen Scale', 3600, 29, {
    description:
      'A flat glass scale that weighs up to five kilograms in one-gram steps. It charges from any USB-C lead, so there is no drawer of dead coin cells.',
    attributes: { material: 'glass', color: 'black', maxWeightG: 5000, rechargeable: true },
  }),
  product('CW-KIT-015', 'Millstone Rolling Pin', 4400, 0, {
    description:
      'Solid marble stays cool under pastry and is heavy enough to roll itself. Rests in a cradle so that it cannot leave the worktop.',
    status: 'draft',
    attributes: { material: 'marble', lengthCm: 46, weightG: 2300, dishwasherSafe: false },
  }),
  product('CW-KIT-016', 'Dairy Door Butter Dish', 2800, 0, {
    description: 'Holds a full block at spreading temperature under a lid with a proper handle.',
    attributes: { material: 'porcelain', color: 'white', lengthCm: 18, dishwasherSafe: true },
  }),
]);
