import fc from 'fast-check';
import { currencyDigits } from '../../../common/money/currency';
import { toMajor } from '../../../common/money/money';
import { PRODUCT_STATUSES } from '../entities/product.entity';
import { COLUMNS, readCatalogue } from '../import/csv-records';
import { parseRow, type RowValues } from '../import/import-row';
import { toCsv } from './catalogue-export';
import { type ExportRow, toCells } from './export-rows';

const NASTY = [
  '=',
  '+',
  '-',
  '@',
  '＝',
  "'",
  '"',
  ',',
  '\t',
  '\r',
  '\n',
  ' ',
  '>',
  '\\',
  'null',
  'a',
  'é',
  '🫖',
];

const description = fc.string({ unit: fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme' })) });

/** As the API stores names: trimmed and not blank. */
const name = description
  .map((text) => text.trim().slice(0, 60).toWellFormed().trim())
  .filter((text) => text !== '');

/** The one name that neither the API nor the import takes. */
const attributeName = name.filter((text) => text !== '__proto__');

const attribute = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const row: fc.Arbitrary<ExportRow> = fc
  .record({
    id: fc.uuid(),
    sku: name,
    name,
    description: fc.option(description),
    priceMinor: fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
    currency: fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
    stock: fc.integer({ min: 0, max: 1_000_000_000 }),
    categoryPath: fc.option(fc.array(name, { minLength: 1, maxLength: 4 })),
    imageUrl: fc.option(fc.webUrl()),
    featured: fc.boolean(),
    status: fc.constantFrom(...PRODUCT_STATUSES),
    attributes: fc
      .dictionary(attributeName, attribute, { maxKeys: 5, noNullPrototype: true })
      .map((attributes) => JSON.stringify(attributes)),
  })
  .filter(({ priceMinor, currency }) => toMajor(Number(priceMinor), currency) <= 99_999_999.99);

/** What the import reads of a file of these rows. */
async function readBack(rows: readonly ExportRow[]): Promise<{ sku: string; values: RowValues }[]> {
  const file = Buffer.from(`${COLUMNS.join(',')}\n${toCsv(rows)}`);
  const read: { sku: string; values: RowValues }[] = [];
  for await (const record of readCatalogue(
    (async function* () {
      yield file;
    })(),
  )) {
    const parsed = parseRow(record);
    if (!('values' in parsed)) throw new Error(JSON.stringify(parsed.problems));
    read.push({ sku: parsed.sku, values: parsed.values });
  }
  return read;
}

/** A value that is missing says nothing, which leaves what is there: null. */
function expected(product: ExportRow): { sku: string | null; values: RowValues } {
  const { id: _, sku, priceMinor, attributes, ...plain } = product;
  const { description: text, categoryPath, imageUrl } = plain;
  const values: RowValues = {
    ...plain,
    description: text ?? undefined,
    categoryPath: categoryPath ?? undefined,
    imageUrl: imageUrl ?? undefined,
    price: toMajor(Number(priceMinor), product.currency),
    attributes: JSON.parse(attributes) as Record<string, string | number | boolean>,
  };
  return { sku, values };
}

describe('a product in a catalogue file', () => {
  it('is read back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 3 }), async (rows) => {
        expect(await readBack(rows)).toEqual(rows.map(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('is written with the digits of its currency, and nothing that a spreadsheet would run', () => {
    fc.assert(
      fc.property(row, (product) => {
        const cells = toCells(product);
        expect((cells.price.split('.')[1] ?? '').length).toBe(currencyDigits(product.currency));
        for (const cell of Object.values(cells)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
  });
});
