import { containsPattern, SqlFilter } from './sql';

describe('a filter', () => {
  it('is nothing without conditions', () => {
    expect(new SqlFilter().where).toBe('');
  });

  it('numbers the values of its conditions in turn', () => {
    const filter = new SqlFilter()
      .add('deleted_at IS NULL')
      .add('price BETWEEN ? AND ?', 1, 2)
      .add('name = ?', 'lamp');
    expect(filter.where).toBe('WHERE deleted_at IS NULL AND price BETWEEN $1 AND $2 AND name = $3');
    expect(filter.parameters).toEqual([1, 2, 'lamp']);
    expect(filter.parameter('more')).toBe('$4');
  });

  it('leaves out a condition whose value is not given, but not one of false, null or 0', () => {
    const filter = new SqlFilter()
      .addIf(undefined, 'a = ?')
      .addIf(false, 'b = ?')
      .addIf(null, 'c = ?')
      .addIf(0, 'd = ?');
    expect(filter.where).toBe('WHERE b = $1 AND c = $2 AND d = $3');
    expect(filter.parameters).toEqual([false, null, 0]);
  });

  it('uses one value in several places', () => {
    const filter = new SqlFilter().addIf('x', '(a = ? OR b = ?)');
    expect(filter.where).toBe('WHERE (a = $1 OR b = $1)');
    expect(filter.parameters).toEqual(['x']);
  });

  it('tells the parameters of its conditions from those of what comes after', () => {
    const filter = new SqlFilter().add('name = ?', 'lamp');
    expect(filter.parameter('in the order')).toBe('$2');
    expect(filter.whereParameters).toEqual(['lamp']);
    expect(filter.addIf(5, 'price < ?').whereParameters).toEqual(['lamp', 'in the order', 5]);
    expect(filter.add('p.featured').parameters).toEqual(['lamp', 'in the order', 5]);
  });

  it('never lets a value into the statement', () => {
    const filter = new SqlFilter().add('name = ?', `' OR true -- $& ?`).addIf('?; DROP', 'sku = ?');
    expect(filter.where).toBe('WHERE name = $1 AND sku = $2');
  });
});

describe('a pattern for what is typed', () => {
  it('finds text anywhere and takes it literally', () => {
    expect(containsPattern('lamp')).toBe('%lamp%');
    expect(containsPattern('100%_\\')).toBe('%100\\%\\_\\\\%');
  });
});
