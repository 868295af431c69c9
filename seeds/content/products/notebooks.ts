import { product, shelf } from '../seed-product';

export const NOTEBOOKS_PRODUCTS = shelf('notebooks', 20, [
  product('CW-NTB-001', 'Fieldfare Notebook, Dotted', 1990, 180, {
    description:
      'Thread-sewn, so that it lies flat on every page, with numbered leaves and a table of contents to fill in.',
    featured: true,
    attributes: { size: 'A5', pages: 208, ruling: 'dotted', weightGsm: 90, hardcover: true },
  }),
  product('CW-NTB-002', 'Fieldfare Notebook, Ruled', 1990, 164, {
    description:
      'The Fieldfare with seven-millimetre lines in a grey that steps back when you write over it.',
    attributes: { size: 'A5', pages: 208, ruling: 'ruled', weightGsm: 90, hardcover: true },
  }),
  product('CW-NTB-003', 'Fieldfare Notebook, Plain', 1990, 97, {
    description: 'Blank pages and a guide sheet with bold lines to lay underneath.',
    attributes: { size: 'A5', pages: 208, ruling: 'plain', weightGsm: 90, hardcover: true },
  }),
  product('CW-NTB-004', 'Fieldfare Notebook, Large', 2690, 49, {
    description:
      "A page nearly as wide as a magazine's, for minutes, mind maps and meals planned a month ahead.",
    attributes: { size: 'B5', pages: 192, ruling: 'dotted', weightGsm: 90, hardcover: true },
  }),
  product('CW-NTB-005', 'Pocket Jotters, Pack of 3', 1250, 260, {
    description: 'Stapled booklets thin enough to forget about until the idea arrives.',
    attributes: { size: 'A6', pages: 48, ruling: 'squared', pieces: 3, hardcover: false },
  }),
  product('CW-NTB-006', 'Weatherproof Field Book', 1850, 78, {
    description:
      'Stone-based paper that takes a pencil in the rain and rinses clean of mud. Bound at the top for reporters and birdwatchers.',
    attributes: { size: 'A6', pages: 100, ruling: 'squared', waterproof: true, hardcover: false },
  }),
  product('CW-NTB-007', 'Atelier Sketchbook', 2400, 59, {
    description: 'Lightly toothed paper that holds charcoal, pencil and a modest amount of ink wash.',
    attributes: { size: 'A4', pages: 96, ruling: 'plain', weightGsm: 150, hardcover: true },
  }),
  product('CW-NTB-008', 'Watercolour Travel Book', 3200, 15, {
    description:
      'Cold-pressed cotton sheets in a landscape format, heavy enough for two washes without buckling.',
    compareAtPriceMinor: 3900,
    attributes: { size: 'A5', pages: 40, ruling: 'plain', weightGsm: 300, hardcover: true },
  }),
  product('CW-NTB-009', 'Undated Week Planner', 2850, 72, {
    description:
      'A week on the left and an open page on the right, starting whenever you do. Three ribbons for today, soon and someday.',
    attributes: { size: 'A5', pages: 160, ruling: 'planner', weightGsm: 100, hardcover: true },
  }),
  product('CW-NTB-010', 'Day by Day Desk Diary', 3400, 0, {
    description:
      'A page for each day and a line for each hour, with a summary sheet at the end of every month.',
    attributes: { size: 'A4', pages: 400, ruling: 'planner', weightGsm: 80, hardcover: true },
  }),
  product('CW-NTB-011', 'Household Account Book', 2200, 34, {
    description: 'Ruled in columns for what came in, what went out and what that was about.',
    attributes: { size: 'A5', pages: 128, ruling: 'ledger', weightGsm: 90, hardcover: true },
  }),
  product('CW-NTB-012', 'Recipe Book to Fill', 2950, 46, {
    description:
      'A hundred double pages with room for the method, the variation and the grease spots. The cover wipes clean.',
    attributes: { size: 'B5', pages: 208, ruling: 'recipe', weightGsm: 120, hardcover: true },
  }),
  product('CW-NTB-013', 'Five Line a Day Journal', 2600, 87, {
    description:
      "Five years on one page per date: write a few lines tonight and read last year's just above them.",
    compareAtPriceMinor: 3100,
    attributes: { size: 'A6', pages: 368, ruling: 'ruled', weightGsm: 80, hardcover: true },
  }),
  product('CW-NTB-014', 'Manuscript Music Book', 1790, 41, {
    description: 'Twelve staves a page with enough air between them for fingerings and second thoughts.',
    attributes: { size: 'A4', pages: 64, ruling: 'staves', weightGsm: 100, hardcover: false },
  }),
  product('CW-NTB-015', 'Tear-Off Desk Pad', 1590, 133, {
    description: 'Sixty large sheets with a squared centre and a margin for telephone numbers.',
    attributes: { size: 'A3', pages: 60, ruling: 'squared', weightGsm: 80, hardcover: false },
  }),
  product('CW-NTB-016', 'Leather Notebook Cover', 5400, 16, {
    description:
      'Vegetable-tanned leather with a pen loop and two pockets, sized for any A5 book in this shop. It picks up scratches and carries them well.',
    attributes: { material: 'leather', color: 'chestnut', size: 'A5', weightG: 210 },
  }),
  product('CW-NTB-017', 'Summer Press Notebook', 1690, 22, {
    description: 'A letterpress cover printed for one season with an old set of wooden type.',
    status: 'archived',
    attributes: { size: 'A5', pages: 96, ruling: 'plain', weightGsm: 100, hardcover: false },
  }),
]);
