import type { ProductAttributes, ProductStatus } from '../entities/product.entity';
import { unescapeCell } from './cell-escape';
import type { CatalogueColumn, CatalogueRecord } from './csv-records';
import {
  attributesCell,
  booleanCell,
  categoryPathCell,
  clearable,
  currencyCell,
  imageUrlCell,
  nameCell,
  priceCell,
  Refusal,
  required,
  statusCell,
  stockCell,
  textCell,
} from './import-cells';

export interface FieldProblem {
  field: string;
  message: string;
}

/** What a row says about its product. What is undefined stays as it is, or takes its default when the product is new. */
export interface RowValues {
  name: string | undefined;
  description: string | null | undefined;
  /** In major units. */
  price: number | undefined;
  currency: string | undefined;
  stock: number | undefined;
  /** Category names from the root. */
  categoryPath: readonly string[] | null | undefined;
  imageUrl: string | null | undefined;
  featured: boolean | undefined;
  status: ProductStatus | undefined;
  attributes: ProductAttributes | undefined;
}

export interface ImportRow {
  row: number;
  sku: string;
  values: RowValues;
}

export interface BadRow {
  row: number;
  /** Empty or as found when the sku itself is bad. */
  sku: string;
  problems: readonly FieldProblem[];
}

/** Clears the value of a cell. */
const NULL = 'null';

/** Reads the cells of one record. Cells are trimmed, but for the description. */
export function parseRow({ row, cells, fitsHeader }: CatalogueRecord): ImportRow | BadRow {
  const problems: FieldProblem[] = [];
  const read = <T>(column: CatalogueColumn, parse: (text: string | null) => T | Refusal): T | undefined => {
    const value = readCell(column, cells[column] ?? '', parse);
    if (!(value instanceof Refusal)) return value;
    problems.push({ field: column, message: `${column} ${value.reason}` });
    return undefined;
  };

  const sku = read('sku', required(nameCell(64)));
  const values: RowValues = {
    name: read('name', required(nameCell(300))),
    description: read('description', clearable(textCell(10_000), null)),
    price: read('price', required(priceCell)),
    currency: read('currency', required(currencyCell)),
    stock: read('stock', required(stockCell)),
    categoryPath: read('categoryPath', clearable(categoryPathCell, null)),
    imageUrl: read('imageUrl', clearable(imageUrlCell, null)),
    featured: read('featured', required(booleanCell)),
    status: read('status', required(statusCell)),
    attributes: read('attributes', clearable(attributesCell, {})),
  };

  if (!fitsHeader)
    return badRow(row, cells.sku, [
      { field: 'row', message: 'The row has more or fewer cells than the header.' },
    ]);
  if (sku !== undefined && problems.length === 0) return { row, sku, values };
  const missing = (cells.sku ?? '').trim() === '' ? [{ field: 'sku', message: 'sku is required.' }] : [];
  return badRow(row, cells.sku, [...missing, ...problems]);
}

function readCell<T>(
  column: CatalogueColumn,
  cell: string,
  parse: (text: string | null) => T | Refusal,
): T | Refusal | undefined {
  const trimmed = cell.trim();
  if (trimmed === '') return undefined;
  if (trimmed === NULL) return parse(null);
  return parse(column === 'description' ? unescapeCell(cell) : unescapeCell(trimmed).trim());
}

function badRow(row: number, sku: string | undefined, problems: readonly FieldProblem[]): BadRow {
  const text = unescapeCell((sku ?? '').trim()).trim();
  return { row, sku: text.slice(0, 64).toWellFormed(), problems };
}
