import { SqlFilter } from '../database/sql';
import { addAfter, orderByOf, type SortColumn, sortKeyOf, sortOrder } from './sort-order';

const COLUMNS: Record<string, SortColumn> = {
  name: { sql: 'p.name', type: 'text' },
  price: { sql: 'p.price', type: 'bigint' },
};

const orderBy = (...sort: string[]): string => orderByOf(sortOrder(sort, COLUMNS, 'p.id'));

describe('an order', () => {
  it('is total: the id decides, in the direction of what comes before it', () => {
    expect(orderBy('name')).toBe('ORDER BY p.name ASC, p.id ASC');
    expect(orderBy('-price', 'name')).toBe('ORDER BY p.price DESC, p.name ASC, p.id ASC');
    expect(orderBy('name', '-price')).toBe('ORDER BY p.name ASC, p.price DESC, p.id DESC');
    expect(orderBy()).toBe('ORDER BY p.id ASC');
  });

  it.each(['name; DROP TABLE users', '--name', '', '-'])('knows no field %p', (field) => {
    expect(() => sortOrder([field], COLUMNS)).toThrow(RangeError);
  });

  it('tells the place of a row by what it is sorted by', () => {
    expect(sortKeyOf(sortOrder(['-price', 'name'], COLUMNS, 'p.id'))).toBe(
      'ARRAY[(p.price)::text, (p.name)::text, (p.id)::text]',
    );
  });
});

describe('the rows after a place', () => {
  function after(sort: string[], key: string[]): { where: string; parameters: unknown[] } {
    const filter = new SqlFilter().add('p.stock > ?', 0);
    addAfter(filter, sortOrder(sort, COLUMNS, 'p.id'), key);
    return { where: filter.where, parameters: filter.parameters };
  }

  it('are one comparison where all runs in one direction, so that an index answers it', () => {
    expect(after(['name', 'price'], ['Mug', '5', 'x'])).toEqual({
      where: 'WHERE p.stock > $1 AND (p.name, p.price, p.id) > ($2::text, $3::bigint, $4::uuid)',
      parameters: [0, 'Mug', '5', 'x'],
    });
    expect(after(['-name'], ['Mug', 'x']).where).toContain('(p.name, p.id) < ($2::text, $3::uuid)');
  });

  it('are one case a field where the directions differ, within a bound that an index can use', () => {
    expect(after(['-price', 'name'], ['5', 'Mug', 'x']).where).toBe(
      [
        'WHERE p.stock > $1 AND p.price <= $2::bigint AND ((p.price < $2::bigint)',
        'OR (p.price = $2::bigint AND p.name > $3::text)',
        'OR (p.price = $2::bigint AND p.name = $3::text AND p.id > $4::uuid))',
      ].join(' '),
    );
  });
});
