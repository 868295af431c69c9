import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/app';
import { atOnce } from '../../support/answers';
import { type FaultShop, signUp } from './fault-shop';
import { type Acknowledged, type Attempt, Shopper } from './shopper';

/** How long the crowd waits to be served again before the test gives up on the shop. */
const PATIENCE_SECONDS = 60;

type Turn = (shopper: Shopper) => Promise<unknown>;

/** Shoppers who buy all the time while the shop fails. */
export class Shoppers {
  private isOpen = false;
  private shopping: Promise<unknown> = Promise.resolve();

  private constructor(readonly each: readonly Shopper[]) {}

  /** @param api by which they come, the shop's own server unless told */
  static async gather(count: number, shop: FaultShop, api: ApiClient = shop.server.api): Promise<Shoppers> {
    const people = await atOnce(count, () => signUp(api));
    return new Shoppers(people.map((person) => new Shopper(person.id, person.email, person.api, shop)));
  }

  /** Both crowds together. */
  and(others: Shoppers): Shoppers {
    return new Shoppers([...this.each, ...others.each]);
  }

  get acknowledged(): Acknowledged[] {
    return this.each.flatMap(({ acknowledged }) => acknowledged);
  }

  get attempts(): Attempt[] {
    return this.each.flatMap(({ attempts }) => attempts);
  }

  get complaints(): string[] {
    return this.each.flatMap(({ complaints }) => complaints);
  }

  /** They begin to buy, each one thing after the other. @param turn what one does each time */
  start(turn: Turn = (shopper) => shopper.shop()): void {
    this.isOpen = true;
    this.shopping = Promise.all(this.each.map((shopper) => this.keepTaking(turn, shopper)));
  }

  /** They finish what they have begun: afterwards each of them knows what came of every request. */
  async rest(): Promise<void> {
    this.isOpen = false;
    await this.shopping;
  }

  /** Waits until so many more orders are acknowledged. */
  async buy(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count;
    await eventually(() => this.acknowledged.length >= wanted, PATIENCE_SECONDS);
  }

  /** How many milliseconds after that instant the first order was acknowledged that was sent later. */
  async firstSuccessAfter(instant: number): Promise<number> {
    const find = (): Attempt | undefined =>
      this.attempts
        .filter(({ what, status, sentAt }) => what === 'order' && status === 201 && sentAt >= instant)
        .toSorted((a, b) => a.endedAt - b.endedAt)[0];
    await eventually(() => find() !== undefined, PATIENCE_SECONDS);
    return (find()?.endedAt ?? Infinity) - instant;
  }

  /** What it took to look at things in so many milliseconds from now. */
  async measure(milliseconds: number): Promise<Attempt[]> {
    const from = performance.now();
    await sleep(milliseconds);
    return this.attempts.filter(({ what, sentAt }) => what === 'look' && sentAt >= from);
  }

  private async keepTaking(turn: Turn, shopper: Shopper): Promise<void> {
    while (this.isOpen) await turn(shopper);
  }
}
