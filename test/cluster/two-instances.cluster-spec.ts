import type { Answer, ApiClient, Json } from '../support/api-client';
import { Cluster, type Restart } from '../support/cluster';
import { steadyLoad } from '../support/steady-load';
import { orderOf, PASSWORD, unique } from '../support/shop';
import { times } from '../faults/support/extent';
import { itShops } from './flows';

const ROUNDS = times(1, 10);
const PER_SECOND = 100;

describe('two instances behind nginx, with a replica and Redis', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    // Longer than nginx keeps a connection that nobody uses, as it must be.
    cluster = await Cluster.start([], { SHUTDOWN_DELAY_MS: '2200' });
  });

  afterAll(() => cluster?.stop());

  itShops(() => cluster);

  describe('restarted one after the other, under load', () => {
    let editor: ApiClient;
    let buyers: ApiClient[];
    let productId: string;

    beforeAll(async () => {
      const { api } = cluster;
      const account = { email: 'editor@example.com', password: 'editorpass123' };
      editor = api.as((await api.post('/auth/login', account)).body.accessToken);
      const { body } = await editor.post('/products', { name: 'Lamp', price: 10, stock: 1_000_000 });
      productId = body.id;
      buyers = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const person = { email: `buyer-${unique()}@example.com`, password: PASSWORD };
          return api.as((await api.post('/auth/register', person)).body.accessToken);
        }),
      );
    });

    /** Of ten requests six look at the catalogue, two at what is one's own, one writes a cart and one an order or a product. */
    function request(n: number): Promise<Answer<Json>> {
      const buyer = buyers[n % buyers.length] ?? editor;
      switch (n % 10) {
        case 0:
          return n % 100 === 0
            ? editor.patch(`/products/${productId}`, { description: `Edit ${n}` })
            : buyer.post('/orders', orderOf({ items: [{ productId, quantity: 1 }] }));
        case 1:
          return buyer.put(`/cart/items/${productId}`, { quantity: 1 + (n % 9) });
        case 2:
          return buyer.get('/orders?limit=5');
        case 3:
          return buyer.get('/cart');
        default:
          return cluster.api.get(n % 2 ? `/products/${productId}` : `/products?page=${1 + (n % 7)}&limit=10`);
      }
    }

    it('fail no request of a hundred a second, and lose no order', async () => {
      const before = (await editor.get('/orders?limit=1')).body.meta.totalItems;
      const load = steadyLoad(PER_SECOND, request);
      const restarts: Restart[] = [];
      for (let round = 0; round < ROUNDS; round++) restarts.push(...(await cluster.restartAll()));
      const { statuses, failures, placed } = await load.end();
      if (failures.length > 0) failures.push(cluster.complaintsOfNginx());
      expect(failures).toEqual([]);
      expect(restarts.map(({ exitCode }) => exitCode)).toEqual(Array(2 * ROUNDS).fill(0));
      expect(Object.keys(statuses).sort()).toEqual(['200', '201']);
      const { body } = await editor.get('/orders?limit=1');
      expect(body.meta.totalItems).toBeGreaterThanOrEqual(before + placed);
    }, 1_200_000);
  });
});
