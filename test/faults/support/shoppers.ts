import { eventually } from '../../support/app';
import { atOnce } from '../../support/answers';
import { type FaultShop, signUp } from './fault-shop';
import { type Acknowledged, type Attempt, type Goods, Shopper } from './shopper';

/** How long the crowd waits to be served again before the test gives up on the shop. */
const PATIENCE_SECONDS = 60;

/** Shoppers who buy all the time while the shop fails. */
export class Shoppers {
  private isOpen = false;
  private shopping: Promise<unknown> = Promise.resolve();

  private constructor(readonly each: readonly Shopper[]) {}

  static async gather(count: number, { server, products, couponCode }: FaultShop): Promise<Shoppers> {
    const goods: Goods = { products, couponCode };
    const people = await atOnce(count, () => signUp(server.api));
    return new Shoppers(people.map(({ id, email, api }) => new Shopper(id, email, api, goods)));
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

  /** They begin to buy, each one thing after the other. */
  start(): void {
    this.isOpen = true;
    this.shopping = Promise.all(this.each.map((shopper) => this.keepShopping(shopper)));
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
        .filter(({ sentAt, placedAnOrder }) => placedAnOrder && sentAt >= instant)
        .toSorted((a, b) => a.endedAt - b.endedAt)[0];
    await eventually(() => find() !== undefined, PATIENCE_SECONDS);
    return (find()?.endedAt ?? Infinity) - instant;
  }

  private async keepShopping(shopper: Shopper): Promise<void> {
    while (this.isOpen) await shopper.shop();
  }
}
