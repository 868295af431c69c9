import { issueOf } from './item-issue';

describe('why an item cannot be ordered', () => {
  it.each([
    [true, 5, 5, null],
    [true, 4, 5, 'insufficient_stock'],
    [true, 0, 1, 'out_of_stock'],
    [false, 9, 1, 'unavailable'],
    [false, 0, 1, 'unavailable'],
  ])('with for sale = %s, %d in stock and %d wanted is %s', (isForSale, stock, quantity, issue) => {
    expect(issueOf(isForSale, stock, quantity)).toBe(issue);
  });
});
