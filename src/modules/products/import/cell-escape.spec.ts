import fc from 'fast-check';
import { escapeCell, unescapeCell } from './cell-escape';

describe('text in a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    ["'=1", "''=1"],
    ["'''=1", "''''=1"],
    ['null', "'null"],
    [' null ', "' null "],
    ["'null", "''null"],
    ['', "'"],
    ['  ', "'  "],
    ["'", "''"],
    ['nullable', 'nullable'],
    ["'tis", "'tis"],
    ["''quoted''", "''quoted''"],
    ['a=b', 'a=b'],
    [' =1', ' =1'],
  ])('%j is written %j', (text, cell) => {
    expect(escapeCell(text)).toBe(cell);
    expect(unescapeCell(cell)).toBe(text);
  });

  const special = fc.string({ unit: fc.constantFrom("'", '=', '-', '＠', '\t', '\r', ' ', 'null', 'x') });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(special, fc.string({ unit: 'grapheme' })), (text) => {
        expect(unescapeCell(escapeCell(text))).toBe(text);
      }),
    );
  });

  it('is never a formula, the word null or blank', () => {
    fc.assert(
      fc.property(special, (text) => {
        expect(escapeCell(text)).toMatch(/^[^=+\-@\t\r\n＝＋－＠]/);
        expect(['', 'null']).not.toContain(escapeCell(text).trim());
      }),
    );
  });
});
