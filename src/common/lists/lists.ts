import { Injectable } from '@nestjs/common';
import {
  DataSource,
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type ObjectLiteral,
} from 'typeorm';
import type { SqlFilter } from '../database/sql';
import type { PageQuery } from '../http/page.query';
import type { ListPage } from '../http/page.response';
import { cursorPageOf, pageOf, pageWindow } from '../http/pagination';
import { Cursors } from './cursors';
import { addAfter, orderByOf, type SortKey, sortKeyOf, type SortTerm } from './sort-order';

/** Rows of one table in an order. `filter` and `order` name its columns. */
export interface ListSource<Row extends ObjectLiteral> {
  /** Ties cursors to the list; another one for each set of rows, such as the orders of one user. */
  name: string;
  entity: EntityTarget<Row>;
  filter: SqlFilter;
  order: readonly SortTerm[];
}

interface Keyed {
  sortKey: SortKey;
}

/** Reads pages of lists, by number or after a cursor. */
@Injectable()
export class Lists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Two statements for a numbered page, its rows and their count; one after a cursor, which costs the same at any
   * depth.
   * @param db reads them; the primary unless told
   * @throws DomainError `validation_failed` for a cursor of another list, other filters or another order
   */
  async read<Row extends ObjectLiteral>(
    list: ListSource<Row>,
    query: PageQuery,
    db: EntityManager = this.dataSource.manager,
  ): Promise<ListPage<Row>> {
    return query.cursor === undefined ? this.readNumbered(list, query, db) : this.readAfter(list, query, db);
  }

  private async readNumbered<Row extends ObjectLiteral>(
    { entity, filter, order }: ListSource<Row>,
    query: PageQuery,
    db: EntityManager,
  ): Promise<ListPage<Row>> {
    const metadata = this.dataSource.getMetadata(entity);
    const window = pageWindow(query);
    const [rows, total] = await Promise.all([
      db.query<Row[]>(
        `SELECT ${columnsOf(metadata)} FROM ${metadata.tableName} ${filter.where}
          ${orderByOf(order)} LIMIT ${window.limit} OFFSET ${window.offset}`,
        filter.parameters,
      ),
      db.query<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM ${metadata.tableName} ${filter.where}`,
        filter.parameters,
      ),
    ]);
    return pageOf(this.hydrated(rows, metadata), total[0]?.count ?? 0, window);
  }

  private async readAfter<Row extends ObjectLiteral>(
    { name, entity, filter, order }: ListSource<Row>,
    query: PageQuery,
    db: EntityManager,
  ): Promise<ListPage<Row>> {
    const metadata = this.dataSource.getMetadata(entity);
    const list = boundTo(name, query);
    if (query.cursor) addAfter(filter, order, this.cursors.read(query.cursor, list));
    const { limit } = pageWindow(query);
    const rows = await db.query<(Row & Keyed)[]>(
      `SELECT ${columnsOf(metadata)}, ${sortKeyOf(order)} AS "sortKey" FROM ${metadata.tableName} ${filter.where}
        ${orderByOf(order)} LIMIT ${limit + 1}`,
      filter.parameters,
    );
    const page = this.hydrated(rows, metadata);
    return cursorPageOf(page, limit, ({ sortKey }) => this.cursors.write(sortKey, list));
  }

  /** The rows with the values that their entity gives its columns: amounts as numbers, for one. */
  private hydrated<Row extends ObjectLiteral>(rows: readonly Row[], { columns }: EntityMetadata): Row[] {
    const { driver } = this.dataSource;
    const read = columns.filter(({ isSelect }) => isSelect);
    return rows.map((row) => {
      const values = read.map((column): [string, unknown] => [
        column.propertyName,
        driver.prepareHydratedValue(row[column.propertyName], column),
      ]);
      return { ...row, ...Object.fromEntries(values) };
    });
  }
}

/** The columns of an entity under the names of its properties. */
function columnsOf({ columns }: EntityMetadata): string {
  return columns
    .filter(({ isSelect }) => isSelect)
    .map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`)
    .join(', ');
}

/** What a cursor is good for: this list with these filters in this order. */
export function boundTo(name: string, query: PageQuery): string {
  const { page: _page, limit: _limit, cursor: _cursor, ...filters } = query;
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return JSON.stringify([name, ...given.sort(([left], [right]) => (left < right ? -1 : 1))]);
}
