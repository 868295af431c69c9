import { DomainError } from '../../../common/errors/domain-error';
import { type CatalogueRecord, countCatalogueRows, MAX_ROWS, readCatalogue } from './csv-records';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function readAll(file: string | Buffer, chunkSize = 7): Promise<CatalogueRecord[]> {
  const records: CatalogueRecord[] = [];
  for await (const record of readCatalogue(chunksOf(Buffer.from(file), chunkSize))) records.push(record);
  return records;
}

async function refusalOf(file: string | Buffer): Promise<string> {
  const error = await readAll(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error('the file was not refused', { cause: error });
  expect(error.code).toBe('validation_failed');
  return error.message;
}

describe('reading a catalogue file', () => {
  it('names the cells by the header, in whatever order its columns are', async () => {
    expect(await readAll('price,name,sku\n1.50,Mug,M-1\n2,Cup,C-1')).toEqual([
      { row: 2, fitsHeader: true, cells: { price: '1.50', name: 'Mug', sku: 'M-1' } },
      { row: 3, fitsHeader: true, cells: { price: '2', name: 'Cup', sku: 'C-1' } },
    ]);
  });

  it.each([1, 2, 3, 1000])(
    'takes a BOM, CRLF, quotes and line breaks in chunks of %d bytes',
    async (chunkSize) => {
      const file = '\uFEFFsku,name,price\r\nM-1,"Größe ""L"",\r\n☕ 🫖",1\r\n\r\nM-2,b,2\r\n';
      const records = await readAll(file, chunkSize);
      expect(records.map(({ row, cells }) => [row, cells.name])).toEqual([
        [2, 'Größe "L",\r\n☕ 🫖'],
        [3, 'b'],
      ]);
    },
  );

  it('marks records that have more or fewer cells than the header', async () => {
    const records = await readAll('sku,name,price\na,b\na,b,1\na,b,1,2\n');
    expect(records.map(({ fitsHeader }) => fitsHeader)).toEqual([false, true, false]);
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a file of blank lines', '\n\n', 'is empty'],
    ['an unknown column', 'sku,name,price,colour\n', '"colour" is no column'],
    ['a column without a name', 'sku,name,price,\n', '"" is no column'],
    ['a file without a header', 'M-1,Mug,1\n', '"M-1" is no column'],
    ['a column that comes twice', 'sku,name,price,name\n', 'name is there twice'],
    ['missing columns', 'sku,stock\n', 'no column name and no column price'],
    ['a quote that is never closed', 'sku,name,price\na,"b,1\n', 'never closed'],
    ['text behind a closing quote', 'sku,name,price\n"a"b,c,1\n', 'at line 2'],
    ['a quote inside an unquoted cell', 'sku,name,price\na,12" pipe,1\n', 'at line 2'],
    ['a record without an end', `sku,name,price\na,"${'x'.repeat(1_000_001)}",1\n`, 'longer than'],
  ])('refuses %s', async (_, file, words) => {
    expect(await refusalOf(file)).toContain(words);
  });

  it.each([
    ['in a cell', Buffer.from('sku,name,price\na,\xff,1\n', 'latin1')],
    ['cut off at the end', Buffer.concat([Buffer.from('sku,name,price\na,b,1'), Buffer.from([0xe2, 0x82])])],
    ['of UTF-16', Buffer.from('\uFEFFsku,name,price\n', 'utf16le')],
  ])('refuses bytes that are not UTF-8: %s', async (_, file) => {
    expect(await refusalOf(file)).toBe('The file is not UTF-8. Save it as CSV in UTF-8.');
  });

  it('passes on what goes wrong with the source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('sku,name,price\n');
      throw new Error('the disk is gone');
    }
    await expect(countCatalogueRows(broken())).rejects.toThrow('the disk is gone');
  });
});

describe('counting the rows of a catalogue file', () => {
  const fileOf = (rows: number): AsyncIterable<Buffer> =>
    chunksOf(Buffer.from(`sku,name,price\n${'a,b,1\n'.repeat(rows)}`), 65_536);

  it('leaves out the header', async () => {
    expect(await countCatalogueRows(fileOf(0))).toBe(0);
    expect(await countCatalogueRows(fileOf(3))).toBe(3);
  });

  it('stops at 100,000', async () => {
    expect(await countCatalogueRows(fileOf(MAX_ROWS))).toBe(MAX_ROWS);
    await expect(countCatalogueRows(fileOf(MAX_ROWS + 1))).rejects.toThrow('more than 100000 rows');
  });
});
