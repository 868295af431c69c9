import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventDispatcher } from '../src/common/events/event-dispatcher';
import { type NewEvent, recordEvents } from '../src/common/events/events';
import { Cleaning } from '../src/common/jobs/cleaning';
import { expectInvalid, expectProblem } from './support/answers';
import type { Answer, Json } from './support/api-client';
import { startTestApp } from './support/app';
import { Shop } from './support/shop';

describe('the log of events', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open();
  });

  afterAll(() => shop.close());

  const list = (query: string, api = shop.admin.api): Promise<Answer<Json>> => api.get(`/events${query}`);
  /** All that has happened gets its position. */
  const dispatch = async (): Promise<void> => {
    while ((await shop.test.app.get(EventDispatcher).dispatchBatch()) > 0);
  };
  const last = async (): Promise<number> => {
    await dispatch();
    const [counter] = await shop.query<{ last: string }>('SELECT last FROM event_counters');
    return Number(counter?.last);
  };
  const eventOf = (subjectId: string, data: object = {}): NewEvent => {
    return { type: 'order.placed', subjectType: 'order', subjectId, data };
  };

  it('shows what happened after a position, oldest first, to admins', async () => {
    const before = await last();
    const product = await shop.product({ price: 19.99 });
    await shop.editor.api.delete(`/products/${product.id}`);
    expect((await list(`?after=${before}`)).body.data).toEqual([]);
    await dispatch();
    const { status, body, headers } = await list(`?after=${before}&limit=1`);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          type: 'product.created',
          subject: { type: 'product', id: product.id },
          position: before + 1,
          at: expect.any(String),
          data: expect.objectContaining({
            productId: product.id,
            name: product.name,
            price: 19.99,
            version: 1,
          }),
        },
      ],
      meta: { limit: 1, nextAfter: before + 1, hasMore: true },
    });
    expect(headers.get('link')).toBe(`</api/events?after=${before + 1}&limit=1>; rel="next"`);
    expect(headers.get('cache-control')).toBe('private, no-store');
    const next = await list(`?after=${body.meta.nextAfter}`);
    expect(next.body.data.map(({ type }: Json) => type)).toEqual(['product.deleted']);
    expect(next.body.meta).toEqual({ limit: 20, nextAfter: before + 2, hasMore: false });
    const end = await list(`?after=${before + 2}`);
    expect(end.body).toEqual({ data: [], meta: { limit: 20, nextAfter: before + 2, hasMore: false } });
  });

  it('refuses a position that there is not, and what is none', async () => {
    expectInvalid(await list(`?after=${(await last()) + 1}`), 'after');
    for (const after of ['-1', 'x', '1.5', '']) expectInvalid(await list(`?after=${after}`), 'after');
    expectInvalid(await list('?limit=101'), 'limit');
  });

  it('says so when events after a position have been removed, and begins with the oldest kept one without', async () => {
    await shop.product();
    const removed = await last();
    await shop.query(`UPDATE events SET at = now() - interval '31 days'`);
    await shop.product();
    await dispatch();
    await shop.test.app.get(Cleaning).run();
    for (const after of [0, removed - 1]) expectProblem(await list(`?after=${after}`), 409, 'events_expired');
    for (const query of ['', `?after=${removed}`])
      expect((await list(query)).body.data.map(({ position }: Json) => position)).toEqual([removed + 1]);
    await shop.query(`UPDATE events SET at = now() - interval '31 days'`);
    await shop.test.app.get(Cleaning).run();
    expectProblem(await list(`?after=${removed}`), 409, 'events_expired');
    const nothing = { data: [], meta: { limit: 20, nextAfter: removed + 1, hasMore: false } };
    for (const query of ['', `?after=${removed + 1}`]) expect((await list(query)).body).toEqual(nothing);
  });

  it('shows every event once and in order to a reader who follows, whichever writer commits first', async () => {
    const dispatchers = await Promise.all(
      [1, 2].map(() => startTestApp({ databaseUrl: shop.test.databaseUrl, settings: { JOBS: 'on' } })),
    );
    const start = await last();
    const subjects = Array.from({ length: 8 }, () => randomUUID());
    const written: string[] = [];
    const write = async (subject: string, index: number): Promise<void> => {
      for (let number = 0; number < 25; number++) {
        const isRolledBack = number % 5 === index % 5;
        await shop.test.dataSource
          .transaction(async (tx) => {
            await recordEvents(
              [eventOf(subject, { number }), eventOf(subject, { number, isSecond: true })],
              tx,
            );
            await sleep(Math.random() * 12);
            if (isRolledBack) throw new Error('No');
          })
          .then(() => written.push(`${subject} ${number}`, `${subject} ${number}`))
          .catch(() => undefined);
      }
    };
    let isWriting = true;
    const seen: Json[] = [];
    const follow = async (): Promise<void> => {
      for (let after = start; isWriting || seen.length < written.length;) {
        const { status, body } = await list(`?after=${after}&limit=7`);
        expect(status).toBe(200);
        seen.push(...body.data);
        after = body.meta.nextAfter;
      }
    };
    const reader = follow();
    await Promise.all(subjects.map(write));
    isWriting = false;
    await reader;
    await Promise.all(dispatchers.map((test) => test.close()));
    expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => start + 1 + index));
    expect(seen.map(({ subject, data }) => `${subject.id} ${data.number}`).toSorted()).toEqual(
      written.toSorted(),
    );
    for (const subject of subjects) {
      const own = seen.filter((event) => event.subject.id === subject);
      const order = own.map(({ data }) => data.number * 2 + (data.isSecond ? 1 : 0));
      expect(order).toEqual(order.toSorted((left, right) => left - right));
    }
  });
});
