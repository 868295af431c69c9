import { Events, type RecordedEvent } from '../src/common/events/events';
import { eventually, startTestApp } from './support/app';
import { orderOf, type Person, Shop, unique } from './support/shop';

interface EventRow {
  type: string;
  subjectId: string;
  data: Record<string, unknown>;
  dispatchedAt: Date | null;
  failures: number;
}

describe('events', () => {
  let shop: Shop;
  let ann: Person;

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
  });

  afterAll(() => shop.close());

  const eventsOf = (subjectId: string): Promise<EventRow[]> =>
    shop.query(
      `SELECT type, subject_id AS "subjectId", data, dispatched_at AS "dispatchedAt", failures
         FROM events WHERE subject_id = $1 ORDER BY seq`,
      [subjectId],
    );

  /** An instance that dispatches; what it told of which subjects. */
  async function dispatcher(fail: (event: RecordedEvent) => boolean = () => false) {
    const told: RecordedEvent[] = [];
    const test = await startTestApp({
      databaseUrl: shop.test.databaseUrl,
      settings: { JOBS: 'on' },
      prepare: (app) =>
        app.get(Events).on(['order.placed', 'order.status_changed', 'order.cancelled'], async (event) => {
          if (fail(event)) throw new Error('The consumer cannot');
          told.push(event);
        }),
    });
    return { told, close: () => test.close() };
  }

  it('tell how an order goes on, in its order, and nothing of the person', async () => {
    const product = await shop.product({ price: 12.5 });
    const order = await shop.order(ann, [{ productId: product.id, quantity: 3 }]);
    const { api } = shop.editor;
    await api.put(`/orders/${order.id}/status`, { status: 'processing' });
    await api.put(`/orders/${order.id}/payment-status`, { paymentStatus: 'paid' });
    await api.post(`/orders/${order.id}/cancel`, { reason: 'Secret reason' });
    const events = await eventsOf(order.id);
    expect(
      events.map(({ type, data }) => [type, data.previousStatus, data.status, data.paymentStatus]),
    ).toEqual([
      ['order.placed', null, 'pending', 'unpaid'],
      ['order.status_changed', 'pending', 'processing', 'unpaid'],
      ['order.status_changed', 'processing', 'processing', 'paid'],
      ['order.cancelled', 'processing', 'cancelled', 'paid'],
    ]);
    expect(events[0]?.data).toEqual({
      orderId: order.id,
      number: order.number,
      customerId: ann.id,
      status: 'pending',
      previousStatus: null,
      paymentStatus: 'unpaid',
      previousPaymentStatus: null,
      currency: 'USD',
      total: 37.5,
      itemCount: 3,
      trackingNumber: null,
      version: 1,
    });
    expect(JSON.stringify(events)).not.toMatch(/example\.com|Harbour|Secret/);
  });

  it('are written with what they tell of, or not at all', async () => {
    const product = await shop.product({ stock: 1 });
    const before = await shop.query<{ count: string }>('SELECT count(*) FROM events');
    const place = () => ann.api.post('/orders', orderOf({ items: [{ productId: product.id, quantity: 1 }] }));
    const answers = await Promise.all(Array.from({ length: 10 }, place));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const after = await shop.query<{ count: string }>('SELECT count(*) FROM events');
    expect(Number(after[0]?.count) - Number(before[0]?.count)).toBe(1);
    const rolledBack = unique();
    const { dataSource } = shop.test;
    await expect(
      dataSource.transaction(async (tx) => {
        const data = { rolledBack };
        const event = { type: 'order.placed', subjectType: 'order', subjectId: product.id, data } as const;
        await shop.test.app.get(Events).record([event], tx);
        throw new Error('No');
      }),
    ).rejects.toThrow('No');
    expect((await eventsOf(product.id)).map(({ type }) => type)).toEqual(['product.created']);
  });

  it('are told once each and in order, by two instances that both dispatch', async () => {
    const product = await shop.product({ stock: 500 });
    const orders = await Promise.all(
      Array.from({ length: 10 }, () => shop.order(ann, [{ productId: product.id, quantity: 1 }])),
    );
    const moved = await Promise.all(
      orders.map(({ id }) => shop.editor.api.put(`/orders/${id}/status`, { status: 'processing' })),
    );
    expect(moved.map(({ status }) => status)).toEqual(orders.map(() => 200));
    const [one, other] = [await dispatcher(), await dispatcher()];
    try {
      await eventually(async () => {
        const waiting = await shop.query('SELECT FROM events WHERE dispatched_at IS NULL');
        return waiting.length === 0;
      });
      const told = [...one.told, ...other.told].sort((a, b) => a.at.getTime() - b.at.getTime());
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      for (const { id } of orders) {
        const types = told.filter(({ subjectId }) => subjectId === id).map(({ type }) => type);
        expect(types).toEqual(['order.placed', 'order.status_changed']);
      }
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('that a consumer cannot take wait, with those behind them of the same order, and hold up no other', async () => {
    const product = await shop.product();
    const items = [{ productId: product.id, quantity: 1 }];
    const [stuck, free] = [await shop.order(ann, items), await shop.order(ann, items)];
    for (const { id } of [stuck, free])
      await shop.editor.api.put(`/orders/${id}/status`, { status: 'processing' });
    const one = await dispatcher(({ subjectId, type }) => subjectId === stuck.id && type === 'order.placed');
    try {
      await eventually(async () =>
        (await eventsOf(free.id)).every(({ dispatchedAt }) => dispatchedAt !== null),
      );
      const [placed, changed] = await eventsOf(stuck.id);
      expect(placed).toMatchObject({ dispatchedAt: null });
      expect(placed?.failures).toBeGreaterThanOrEqual(1);
      expect(changed).toMatchObject({ dispatchedAt: null, failures: 0 });
    } finally {
      await one.close();
    }
    await shop.query('UPDATE events SET retry_at = now() WHERE subject_id = $1', [stuck.id]);
    const next = await dispatcher();
    try {
      await eventually(async () =>
        (await eventsOf(stuck.id)).every(({ dispatchedAt }) => dispatchedAt !== null),
      );
      expect(next.told.map(({ type }) => type)).toEqual(['order.placed', 'order.status_changed']);
    } finally {
      await next.close();
    }
  });

  it('are given up after ten failures, so that what comes after them goes on', async () => {
    const product = await shop.product();
    const order = await shop.order(ann, [{ productId: product.id, quantity: 1 }]);
    await shop.editor.api.put(`/orders/${order.id}/status`, { status: 'processing' });
    await shop.query('UPDATE events SET failures = 9 WHERE subject_id = $1 AND type = $2', [
      order.id,
      'order.placed',
    ]);
    const one = await dispatcher(({ subjectId, type }) => subjectId === order.id && type === 'order.placed');
    try {
      await eventually(async () => (await eventsOf(order.id))[1]?.dispatchedAt !== null);
      const parked = await shop.query(
        'SELECT type, last_error AS "lastError" FROM events WHERE parked_at IS NOT NULL',
      );
      expect(parked).toEqual([{ type: 'order.placed', lastError: 'The consumer cannot' }]);
    } finally {
      await one.close();
    }
  });
});
