import { DomainError } from '../../common/errors/domain-error';
import { addUp, assertNotFull, assertQuantity, commonCurrency } from './cart-rules';

function refusal(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [error.code, ...(error.errors ?? []).map(({ field }) => field)].join(' ');
  }
}

describe('the rules of a cart', () => {
  it('add up what comes twice, in whatever case, where it came first', () => {
    const items = [
      { productId: 'b', quantity: 1 },
      { productId: 'a', quantity: 2 },
      { productId: 'B', quantity: 3 },
    ];
    expect(addUp(items)).toEqual([
      { productId: 'b', quantity: 4 },
      { productId: 'a', quantity: 2 },
    ]);
    expect(addUp([])).toEqual([]);
  });

  it('allow 999 units of a product, also as a sum, and name the item that goes past it', () => {
    const half = { productId: 'a', quantity: 500 };
    expect(addUp([half, { productId: 'a', quantity: 499 }])).toEqual([{ productId: 'a', quantity: 999 }]);
    expect(refusal(() => addUp([half, half]))).toBe('validation_failed items[1].quantity');
    expect(refusal(() => assertQuantity(999, 'quantity'))).toBeUndefined();
    expect(refusal(() => assertQuantity(1000, 'quantity'))).toBe('validation_failed quantity');
  });

  it('allow a hundred different products', () => {
    expect(refusal(() => assertNotFull(100))).toBeUndefined();
    expect(refusal(() => assertNotFull(101))).toBe('cart_full');
  });

  it('ask for one currency', () => {
    expect(commonCurrency([])).toBeNull();
    expect(commonCurrency(['EUR', 'EUR'])).toBe('EUR');
    expect(refusal(() => commonCurrency(['EUR', 'USD']))).toBe('currency_mismatch');
  });
});
