import { randomUUID } from 'node:crypto';
import type { Answer, ApiClient, Json } from '../../support/api-client';
import { TestStream } from '../../support/event-stream';
import { HOSTILE_BODIES } from '../../support/hostile-bodies';
import { formOf, png, sendForm } from '../../support/pictures';
import { orderOf, PASSWORD } from '../../support/shop';
import { type FaultShop, signUp } from './fault-shop';

type Person = Awaited<ReturnType<typeof signUp>>;
type Request = (n: number) => Promise<Answer<Json>>;

/** Of so many requests each kind comes as often as its list says. */
const ROUND = 100;

/** Bodies that are to cost nothing. */
const HOSTILE = Object.values(HOSTILE_BODIES).map(([body]) => body);

/** Everything that a shop is asked for, by a crowd that stays the same. */
export class MixedLoad {
  private constructor(
    private readonly shop: FaultShop,
    private readonly people: readonly Person[],
    private readonly imageIds: string[] = [],
  ) {}

  static async of(shop: FaultShop): Promise<MixedLoad> {
    const people = await Promise.all(Array.from({ length: 5 }, () => signUp(shop.server.api)));
    return new MixedLoad(shop, people);
  }

  /** The request of this number: of a hundred some ninety are usual, and each other kind comes once. Where it takes several, the answer is that of the last that was sent. */
  request(n: number): Promise<Answer<Json>> {
    const rare: Record<number, Request> = {
      9: (m) => this.signIn(m),
      19: () => this.edit(n),
      29: (m) => this.follow(m),
      39: () => this.showImage(),
      49: () => this.api.post('/auth/login', '{"email":'),
      59: () => this.api.get(`/products/${randomUUID()}`),
      69: () => this.shopAsGuest(),
      79: () => this.api.get('//metrics'),
      89: (m) => this.personOf(m).api.post('/orders', { items: 'none' }),
      99: (m) => this.api.post('/auth/login', HOSTILE[Math.floor(m / ROUND) % HOSTILE.length]),
    };
    return (rare[n % ROUND] ?? this.usual(n))(n);
  }

  private get api(): ApiClient {
    return this.shop.server.api;
  }

  private personOf(n: number): Person {
    const person = this.people[Math.floor(n / 10) % this.people.length];
    if (!person) throw new Error('Nobody is there');
    return person;
  }

  private productOf(n: number): string {
    return this.shop.products[Math.floor(n / 10) % this.shop.products.length] ?? '';
  }

  private usual(n: number): Request {
    const { api } = this.personOf(n);
    const productId = this.productOf(n);
    const requests: Request[] = [
      () => api.post('/orders', this.orderOf(n), { 'Idempotency-Key': randomUUID() }),
      () => api.put(`/cart/items/${productId}`, { quantity: 1 + (n % 9) }),
      () => api.get('/cart'),
      () => api.get('/orders?limit=5'),
      () => this.api.get(`/products/${productId}`),
      // Each of these is new to the cache.
      () => this.api.get(`/products?minPrice=${n / 100}&limit=10`),
      () => this.api.get(`/products?q=product%20${n}`),
      () => this.api.get(`/products/suggest?q=pr${n % 10}`),
      () => this.api.get('/products/facets?q=product'),
      () => this.api.get('/categories/tree'),
    ];
    return requests[n % requests.length] ?? (() => api.get('/cart'));
  }

  private orderOf(n: number): object {
    const { couponCode } = this.shop;
    return orderOf({ items: [{ productId: this.productOf(n), quantity: 1 }], ...(n % 2 && { couponCode }) });
  }

  private async signIn(n: number): Promise<Answer<Json>> {
    const { email } = this.personOf(n);
    const login = await this.api.post('/auth/login', { email, password: PASSWORD });
    if (login.status !== 200) return login;
    const refreshed = await this.api.post('/auth/refresh', { refreshToken: login.body.refreshToken });
    if (refreshed.status !== 200) return refreshed;
    return this.api.as(refreshed.body.accessToken).post('/auth/logout');
  }

  private edit(n: number): Promise<Answer<Json>> {
    return this.shop.admin.patch(`/products/${this.productOf(n)}`, { description: `Edit ${n}` });
  }

  private async follow(n: number): Promise<Answer<Json>> {
    const { api } = this.personOf(n);
    const placed = await api.post('/orders', this.orderOf(n));
    if (placed.status !== 201) return placed;
    const stream = await TestStream.open(api, `/orders/${placed.body.id}/events`);
    const answer = await api.post(`/orders/${placed.body.id}/cancel`, {});
    stream.leave();
    return answer;
  }

  private async shopAsGuest(): Promise<Answer<Json>> {
    const cart = await this.api.post('/carts');
    if (cart.status !== 201) return cart;
    const guest = this.api.with({ 'X-Cart-Token': cart.body.token });
    return guest.post('/cart/items', { productId: this.productOf(0), quantity: 1 });
  }

  /** In the place of the one before, so that there are never many. */
  private async showImage(): Promise<Answer<Json>> {
    const { admin } = this.shop;
    const images = `/products/${this.productOf(0)}/images`;
    const form = formOf({ file: await png() });
    const answer = await sendForm(this.api, images, form, admin.defaultHeaders);
    if (answer.status !== 201) return answer;
    this.imageIds.push(answer.body.id);
    if (this.imageIds.length > 1) await admin.delete(`${images}/${this.imageIds.shift()}`);
    return answer;
  }
}
