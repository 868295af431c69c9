import { newOrderNumber } from '../src/modules/orders/order-number';
import { expectProblem } from './support/answers';
import { orderOf, type Person, Shop } from './support/shop';

jest.mock('../src/modules/orders/order-number', () => {
  const real = jest.requireActual<typeof import('../src/modules/orders/order-number')>(
    '../src/modules/orders/order-number',
  );
  return { newOrderNumber: jest.fn(real.newOrderNumber) };
});

describe('the number of an order', () => {
  let shop: Shop;
  let ann: Person;
  let items: { productId: string; quantity: number }[];

  beforeAll(async () => {
    shop = await Shop.open();
    ann = await shop.customer();
    items = [{ productId: (await shop.product({ stock: 10 })).id, quantity: 1 }];
  });

  afterAll(() => shop.close());

  const draw = (number: string, times: number) => {
    for (let i = 0; i < times; i++) jest.mocked(newOrderNumber).mockReturnValueOnce(number);
  };

  it('is drawn again when it is taken, and the customer does not notice', async () => {
    const { number } = await shop.order(ann, items);
    draw(number, 3);
    const { body, status } = await ann.api.post('/orders', orderOf({ items }), { 'Idempotency-Key': 'k' });
    expect(status).toBe(201);
    expect(body.number).not.toBe(number);
    expect((await ann.api.get(`/orders/${body.id}`)).body).toEqual(body);
  });

  it('is not drawn for ever', async () => {
    const { number } = await shop.order(ann, items);
    draw(number, 10);
    expectProblem(await ann.api.post('/orders', orderOf({ items })), 500, 'internal_error');
  });
});
