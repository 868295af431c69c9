import { SEED_ORDERS } from './content/orders';
import { timelineOf } from './order-timeline';

describe('the timeline of a seeded order', () => {
  it.each(SEED_ORDERS)('$key starts with placing it and ends in its status and payment', (order) => {
    const placedAt = new Date('2026-01-01T12:00:00.000Z');
    const steps = timelineOf(order, placedAt);
    expect(steps[0]).toEqual({ kind: 'status', from: null, to: 'pending', at: placedAt, by: 'customer' });
    expect(steps.findLast(({ kind }) => kind === 'status')?.to).toBe(order.status);
    expect(steps.findLast(({ kind }) => kind === 'payment')?.to ?? 'unpaid').toBe(order.paymentStatus);
  });

  it.each(SEED_ORDERS)('$key lies in the past and in order', (order) => {
    const times = timelineOf(order, new Date(-order.placedDaysAgo * 86_400_000)).map(({ at }) =>
      at.getTime(),
    );
    expect(times.toSorted((left, right) => left - right)).toEqual(times);
    expect(times.every((time) => time <= 0)).toBe(true);
  });
});
