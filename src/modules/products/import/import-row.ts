import type { ProductAttributes, ProductStatus } from '../entities/product.entity';
import type { CatalogueColumn, CatalogueRecord } from './csv-records';
import {
  attributesCell,
  booleanCell,
  categoryPathCell,
  clearable,
  currencyCell,
  imageUrlCell,
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

/** Reads the cells of one record. Cells are trimmed, but for the description. */
export function parseRow({ row, cells, fitsHeader }: CatalogueRecord): ImportRow | BadRow {
  const problems: FieldProblem[] = [];
  const read = <T>(column: CatalogueColumn, parse: (cell: string) => T | Refusal): T | undefined => {
    const value = readCell(column, cells[column] ?? '', parse);
    if (!(value instanceof Refusal)) return value;
    problems.push({ field: column, message: `${column} ${value.reason}` });
    return undefined;
  };

  const sku = read('sku', required(textCell(64)));
  const values: RowValues = {
    name: read('name', required(textCell(300))),
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
  parse: (cell: string) => T | Refusal,
): T | Refusal | undefined {
  const trimmed = cell.trim();
  if (trimmed === '') return undefined;
  return parse(column === 'description' && trimmed !== 'null' ? cell : trimmed);
}

function badRow(row: number, sku: string | undefined, problems: readonly FieldProblem[]): BadRow {
  return { row, sku: (sku ?? '').trim().slice(0, 64).toWellFormed(), problems };
}
