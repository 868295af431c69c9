import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SqlFilter } from '../database/sql';
import type { PageQuery } from '../http/page.query';
import type { ListPage } from '../http/page.response';
import { cursorPageOf, pageOf, pageWindow } from '../http/pagination';
import { Cursors } from './cursors';
import { addAfter, orderByOf, type SortKey, sortKeyOf, type SortTerm } from './sort-order';

/** A list as SQL. `filter` and `order` speak of the tables of `source`. */
export interface ListSource {
  /** Ties cursors to the list; another one for each set of rows, such as the orders of one user. */
  name: string;
  columns: string;
  source: string;
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

  /** Two statements for a numbered page, its rows and their count; one after a cursor, which costs the same at any depth. */
  async read<Row>(list: ListSource, query: PageQuery): Promise<ListPage<Row>> {
    return query.cursor === undefined ? this.readNumbered(list, query) : this.readAfter(list, query);
  }

  private async readNumbered<Row>(
    { columns, source, filter, order }: ListSource,
    query: PageQuery,
  ): Promise<ListPage<Row>> {
    const window = pageWindow(query);
    const [rows, total] = await Promise.all([
      this.dataSource.query<Row[]>(
        `SELECT ${columns} FROM ${source} ${filter.where} ${orderByOf(order)} LIMIT ${window.limit} OFFSET ${window.offset}`,
        filter.parameters,
      ),
      this.dataSource.query<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM ${source} ${filter.where}`,
        filter.parameters,
      ),
    ]);
    return pageOf(rows, total[0]?.count ?? 0, window);
  }

  private async readAfter<Row>(
    { name, columns, source, filter, order }: ListSource,
    query: PageQuery,
  ): Promise<ListPage<Row>> {
    const list = boundTo(name, query);
    if (query.cursor) addAfter(filter, order, this.cursors.read(query.cursor, list));
    const { limit } = pageWindow(query);
    const rows = await this.dataSource.query<(Row & Keyed)[]>(
      `SELECT ${columns}, ${sortKeyOf(order)} AS "sortKey" FROM ${source} ${filter.where} ${orderByOf(order)} LIMIT ${limit + 1}`,
      filter.parameters,
    );
    return cursorPageOf(rows, limit, ({ sortKey }) => this.cursors.write(sortKey, list));
  }
}

/** What a cursor is good for: this list with these filters in this order. */
export function boundTo(name: string, query: PageQuery): string {
  const { page: _page, limit: _limit, cursor: _cursor, ...filters } = query;
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return JSON.stringify([name, ...given.sort(([left], [right]) => (left < right ? -1 : 1))]);
}
