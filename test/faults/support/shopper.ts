import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ApiClient, Json } from '../../support/api-client';
import { orderOf } from '../../support/shop';
import { isPromised } from './extent';

/** An order of which a shopper has been told that it is placed. */
export interface Acknowledged {
  key: string;
  body: object;
  id: string;
  number: string;
  items: readonly OrderItem[];
  isCancelled: boolean;
}

interface OrderItem {
  productId: string;
  quantity: number;
}

/** One time that a request was sent, and what came of it: a status, or 0 where no answer came. */
export interface Attempt {
  what: 'order' | 'cancel' | 'cart' | 'look';
  sentAt: number;
  endedAt: number;
  status: number;
  retryAfter: string | null;
  isReplayed: boolean;
  /** What a refusal says. */
  detail: string | null;
}

/** How many milliseconds the slowest took. */
export function slowestOf(attempts: readonly Attempt[]): number {
  return Math.round(Math.max(0, ...attempts.map(({ sentAt, endedAt }) => endedAt - sentAt)));
}

/** How many milliseconds so many percent of them took at most. */
export function percentile(percent: number, attempts: readonly Attempt[]): number {
  const took = attempts.map(({ sentAt, endedAt }) => endedAt - sentAt).toSorted((a, b) => a - b);
  return Math.round(took[Math.ceil((took.length * percent) / 100) - 1] ?? 0);
}

/**
 * Whether the shop failed. A machine that is busy with other things may be too slow to serve everybody in time, for which
 * a 503 is the right answer.
 */
export function isFailure({ status }: Attempt): boolean {
  return status === 0 || (status >= 500 && (isPromised || status !== 503));
}

type Request = () => Promise<Answer<Json>>;

export interface Goods {
  products: readonly string[];
  couponCode: string;
}

/**
 * Somebody on a bad network who does not give up: every request comes again, under the same key, until an answer says
 * what came of it.
 */
export class Shopper {
  readonly acknowledged: Acknowledged[] = [];
  readonly attempts: Attempt[] = [];
  /** Answers that no shopper should get. */
  readonly complaints: string[] = [];

  constructor(
    readonly id: string,
    readonly email: string,
    readonly api: ApiClient,
    private readonly goods: Goods,
  ) {}

  /** Orders some products, from the cart or not; now and then takes an order back. */
  async shop(): Promise<void> {
    const turn = randomInt(10);
    if (turn < 2) await this.cancelNewest();
    else if (turn < 5) await this.orderCart();
    else await this.orderAnything();
  }

  orderAnything(): Promise<Acknowledged | null> {
    return this.order(this.choose());
  }

  /** @param key under which the order is asked for */
  async order(items: readonly OrderItem[], key: string = randomUUID()): Promise<Acknowledged | null> {
    const { couponCode } = this.goods;
    const body = orderOf({ items, ...(randomInt(2) === 0 && { couponCode }) });
    return this.place(key, body, items);
  }

  private async orderCart(): Promise<void> {
    const items = this.choose();
    const filled = await this.insist('cart', () => this.api.put('/cart/items', { items }));
    if (filled.status === 200) await this.place(randomUUID(), orderOf(), items);
    else this.complain(filled);
  }

  private async place(key: string, body: object, items: readonly OrderItem[]): Promise<Acknowledged | null> {
    const answer = await this.insist('order', () =>
      this.api.post('/orders', body, { 'Idempotency-Key': key }),
    );
    if (answer.status !== 201) return this.complain(answer);
    const { id, number } = answer.body;
    const order = { key, body, id, number, items, isCancelled: false };
    this.acknowledged.push(order);
    return order;
  }

  private async cancelNewest(): Promise<void> {
    const order = this.acknowledged.findLast(({ isCancelled }) => !isCancelled);
    if (!order) return;
    const key = { 'Idempotency-Key': randomUUID() };
    const answer = await this.insist('cancel', () => this.api.post(`/orders/${order.id}/cancel`, {}, key));
    if (answer.status === 200) order.isCancelled = true;
    else this.complain(answer);
  }

  /** Asks once, whatever comes of it. */
  async look(path: string): Promise<void> {
    await this.attempt('look', () => this.api.get(path));
  }

  /** A product or more, in any order. */
  private choose(): OrderItem[] {
    const items = this.goods.products.map((productId) => ({
      productId,
      quantity: randomInt(1, 4),
      turn: randomInt(100),
    }));
    const chosen = items.toSorted((a, b) => a.turn - b.turn).slice(0, randomInt(1, 4));
    return chosen.map(({ productId, quantity }) => ({ productId, quantity }));
  }

  /** Sends the request until its answer is the last word. */
  private async insist(what: Attempt['what'], request: Request): Promise<Answer<Json>> {
    for (;;) {
      const answer = await this.attempt(what, request);
      if (answer && isLastWord(answer)) return answer;
      if (answer && answer.status >= 500 && answer.status !== 503) this.complain(answer);
      await sleep(randomInt(20, 80));
    }
  }

  /** @returns null when no answer came */
  private async attempt(what: Attempt['what'], request: Request): Promise<Answer<Json> | null> {
    const sentAt = performance.now();
    const answer = await request().catch(() => null);
    this.attempts.push({
      what,
      sentAt,
      endedAt: performance.now(),
      status: answer?.status ?? 0,
      retryAfter: answer?.headers.get('retry-after') ?? null,
      isReplayed: answer?.headers.get('idempotent-replayed') === 'true',
      detail: answer?.body.detail ?? null,
    });
    return answer;
  }

  private complain({ status, body }: Answer<Json>): null {
    this.complaints.push(`${status} ${body.code ?? JSON.stringify(body)}: ${body.detail}`);
    return null;
  }
}

function isLastWord({ status, body }: Answer<Json>): boolean {
  return status < 500 && body.code !== 'idempotency_in_progress';
}
