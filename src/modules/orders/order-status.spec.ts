import { DomainError } from '../../common/errors/domain-error';
import {
  assertCancellable,
  assertPaymentTransition,
  assertTransition,
  isCancellable,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
} from './order-status';

const isAllowed = (check: () => void): boolean => {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'illegal_transition') return false;
    throw error;
  }
};

const LEGAL = [
  'pending processing',
  'pending cancelled',
  'processing shipped',
  'processing cancelled',
  'shipped delivered',
];
const PAIRS = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const));

describe('the states of an order', () => {
  it('are five, which makes 25 pairs', () => {
    expect(PAIRS).toHaveLength(25);
  });

  it.each(PAIRS)('from %s to %s is as the shop says', (from, to) => {
    expect(isAllowed(() => assertTransition(from, to))).toBe(LEGAL.includes(`${from} ${to}`));
  });

  it('let the owner cancel while it is pending, and staff until it ships', () => {
    const cancellable = (byStaff: boolean) =>
      ORDER_STATUSES.filter((status) => isAllowed(() => assertCancellable(status, byStaff)));
    expect(cancellable(false)).toEqual(['pending']);
    expect(cancellable(true)).toEqual(['pending', 'processing']);
    expect(ORDER_STATUSES.filter(isCancellable)).toEqual(['pending', 'processing']);
  });
});

describe('the states of a payment', () => {
  it.each(PAYMENT_STATUSES.flatMap((from) => PAYMENT_STATUSES.map((to) => [from, to] as const)))(
    'from %s to %s is as the shop says',
    (from, to) => {
      const legal = ['unpaid paid', 'paid refunded'];
      expect(isAllowed(() => assertPaymentTransition(from, to))).toBe(legal.includes(`${from} ${to}`));
    },
  );
});
