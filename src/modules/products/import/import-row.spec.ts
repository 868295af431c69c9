import type { CatalogueColumn } from './csv-records';
import { type BadRow, type ImportRow, parseRow, type RowValues } from './import-row';

type Cells = Partial<Record<CatalogueColumn, string>>;

function parse(cells: Cells): ImportRow | BadRow {
  return parseRow({ row: 2, fitsHeader: true, cells: { sku: 'M-1', name: 'Mug', price: '1', ...cells } });
}

function valuesOf(cells: Cells): RowValues {
  const parsed = parse(cells);
  if (!('values' in parsed)) throw new Error(`refused: ${JSON.stringify(parsed.problems)}`);
  return parsed.values;
}

function problemsOf(cells: Cells): BadRow['problems'] {
  const parsed = parse(cells);
  return 'problems' in parsed ? parsed.problems : [];
}

describe('a row of a catalogue file', () => {
  it('is read cell by cell', () => {
    const cells = {
      sku: ' M-1 ',
      name: ' Mug ',
      description: ' Two\nlines ',
      price: '19.90',
      currency: 'EUR',
      stock: '12',
      categoryPath: 'Home > Pots \\> Pans',
      imageUrl: 'https://example.com/mug.jpg',
      featured: 'true',
      status: 'draft',
      attributes: '{"color":"red","weightG":320.5,"isHandmade":false}',
    };
    expect(parse(cells)).toEqual({
      row: 2,
      sku: 'M-1',
      values: {
        name: 'Mug',
        description: ' Two\nlines ',
        price: 19.9,
        currency: 'EUR',
        stock: 12,
        categoryPath: ['Home', 'Pots > Pans'],
        imageUrl: 'https://example.com/mug.jpg',
        featured: true,
        status: 'draft',
        attributes: { color: 'red', weightG: 320.5, isHandmade: false },
      },
    });
  });

  it('says nothing with an empty cell', () => {
    const { name, price, ...others } = valuesOf({ description: '  ', stock: '', attributes: ' ' });
    expect([name, price]).toEqual(['Mug', 1]);
    expect(Object.values(others).every((value) => value === undefined)).toBe(true);
  });

  it('clears what can be cleared with the word null', () => {
    const cleared = valuesOf({
      description: 'null',
      imageUrl: ' null ',
      categoryPath: 'null',
      attributes: 'null',
    });
    expect(cleared).toMatchObject({ description: null, imageUrl: null, categoryPath: null, attributes: {} });
  });

  it('takes an apostrophe off text that would otherwise mean something else', () => {
    const values = valuesOf({
      name: "'=SUM(A1)",
      description: "' null ",
      categoryPath: "'null > '-",
      attributes: '{"size":"=1"}',
    });
    expect(values).toMatchObject({
      name: '=SUM(A1)',
      description: ' null ',
      categoryPath: ["'null", "'-"],
      attributes: { size: '=1' },
    });
  });

  it.each(['sku', 'name', 'price', 'currency', 'stock', 'featured', 'status'] as const)(
    'cannot clear %s',
    (column) => {
      expect(problemsOf({ [column]: 'null' })).toEqual([
        { field: column, message: `${column} cannot be cleared.` },
      ]);
    },
  );

  it.each<[CatalogueColumn, string]>([
    ['sku', 'x'.repeat(64)],
    ['name', '🫖'.repeat(300)],
    ['description', 'x'.repeat(10_000)],
    ['price', '0'],
    ['price', '99999999.99'],
    ['stock', '0'],
    ['stock', '1000000000'],
    ['currency', 'JPY'],
    ['categoryPath', 'x'.repeat(200)],
    ['categoryPath', Array(100).fill('a').join(' > ')],
    ['categoryPath', '❤\uFE0F'.repeat(200)],
    ['name', '❤\uFE0F'.repeat(300)],
    ['imageUrl', 'https://xn--a/mug.jpg'],
    ['imageUrl', 'https://example.com/my mug.jpg'],
    ['attributes', '{}'],
    ['attributes', JSON.stringify({ ['k'.repeat(100)]: 'x'.repeat(1_000) })],
    ['attributes', JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n])))],
  ])('takes %s %.20s', (column, cell) => {
    expect(problemsOf({ [column]: cell })).toEqual([]);
  });

  it.each<[CatalogueColumn, string]>([
    ['sku', 'x'.repeat(65)],
    ['sku', 'a\0b'],
    ['name', 'x'.repeat(301)],
    ['name', 'a\0b'],
    ['name', "'"],
    ['sku', "' "],
    ['categoryPath', "'"],
    ['description', 'x'.repeat(10_001)],
    ['description', 'a\0b'],
    ['price', '-1'],
    ['price', '1,50'],
    ['price', '1e3'],
    ['price', '0x10'],
    ['price', '.5'],
    ['price', 'NaN'],
    ['price', '100000000'],
    ['currency', 'usd'],
    ['currency', 'ZZZ'],
    ['stock', '-1'],
    ['stock', '1.5'],
    ['stock', '1000000001'],
    ['stock', 'many'],
    ['categoryPath', 'Home >  > Mugs'],
    ['categoryPath', Array(101).fill('a').join(' > ')],
    ['categoryPath', `Home > ${'x'.repeat(201)}`],
    ['categoryPath', 'a\0b'],
    ['imageUrl', 'mug.jpg'],
    ['imageUrl', 'javascript:alert(1)'],
    ['imageUrl', `https://example.com/${'x'.repeat(2_000)}`],
    ['featured', 'yes'],
    ['status', 'sold'],
    ['attributes', 'red'],
    ['attributes', '[1]'],
    ['attributes', '"red"'],
    ['attributes', '{"a":null}'],
    ['attributes', '{" ":1}'],
    ['attributes', JSON.stringify({ ['k'.repeat(101)]: 1 })],
    ['attributes', JSON.stringify({ k: 'x'.repeat(1_001) })],
    ['attributes', '{"a":{"b":1}}'],
    ['attributes', '{"a":1e999}'],
    ['attributes', '{"__proto__":1}'],
    ['attributes', '{"a":"\\u0000"}'],
    ['attributes', '{"\\ud800":1}'],
    ['attributes', JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])))],
  ])('refuses %s %.20j and says why', (column, cell) => {
    const [problem, ...more] = problemsOf({ [column]: cell });
    expect(more).toEqual([]);
    expect(problem).toEqual({
      field: column,
      message: expect.stringMatching(new RegExp(`^${column} .+\\.$`)),
    });
  });

  it('reports every bad cell of a row', () => {
    expect(problemsOf({ sku: ' ', price: 'cheap', stock: '-1' }).map(({ field }) => field)).toEqual([
      'sku',
      'price',
      'stock',
    ]);
  });

  it('is refused as a whole when it has more or fewer cells than the header', () => {
    const parsed = parseRow({ row: 9, fitsHeader: false, cells: { sku: 'M-1', name: 'Mug', price: 'x' } });
    expect(parsed).toMatchObject({ row: 9, sku: 'M-1', problems: [{ field: 'row' }] });
  });
});
