import { Events } from '../src/common/events/events';
import { Transactions } from '../src/common/database/transactions';
import { eventually } from './support/app';
import { Shop } from './support/shop';
import { allMailsSent, MailServer } from './support/smtp';

/** A first attempt that has ended: until then a mail may be on its way to a server that has come back meanwhile. */
async function failedMails(shop: Shop): Promise<number> {
  const jobs = await shop.query(
    `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'send_mail' AND last_error IS NOT NULL AND locked_at IS NULL`,
  );
  return jobs.length;
}

describe('mails about low stock', () => {
  let server: MailServer;
  let shop: Shop;

  beforeAll(async () => {
    server = await MailServer.start();
    shop = await Shop.open({ settings: server.settings });
  });

  afterAll(async () => {
    await shop.close();
    await server.close();
  });

  function tellLowStock(...productIds: string[]): Promise<void> {
    const events = productIds.map((subjectId) => ({
      type: 'stock.low' as const,
      subjectType: 'product' as const,
      subjectId,
      data: {},
    }));
    return shop.test.app.get(Transactions).run((tx) => shop.test.app.get(Events).record(events, tx));
  }

  it('go to each active editor and admin, once, and to nobody else', async () => {
    const [customer, former] = await shop.customers(2);
    await shop.query(`UPDATE users SET roles = ARRAY['EDITOR'], is_active = false WHERE id = $1`, [
      former?.id,
    ]);
    const mug = await shop.product({ name: 'Enamel mug', sku: 'MUG-1', stock: 3, lowStockThreshold: 5 });
    await tellLowStock(mug.id);
    await allMailsSent(shop);
    const told = server.mails.filter(({ subject }) => subject === 'Low stock: Enamel mug');
    const addresses = told.flatMap(({ envelope }) => envelope.to).toSorted();
    expect(addresses).toEqual([shop.editor.email, shop.admin.email].toSorted());
    expect(addresses).not.toContain(customer?.email);
    expect(new Set(told.map(({ messageId }) => messageId)).size).toBe(2);
    expect(told[0]?.text).toMatch(
      /“Enamel mug” \(MUG-1\) is running low: 3 left\. This mail comes when 5 or fewer/,
    );
    expect(told[0]?.header('List-Unsubscribe')).toBe('<mailto:shop@shop.example?subject=Unsubscribe>');
  });

  it('say so when nothing is left', async () => {
    const lamp = await shop.product({ name: 'Lamp', stock: 0, lowStockThreshold: 2 });
    await tellLowStock(lamp.id);
    expect((await server.next(shop.editor.email, 'Low stock: Lamp')).text).toContain('“Lamp” is sold out.');
  });

  it('are not sent any more when there is enough again, or the product is gone', async () => {
    const refilled = await shop.product({ name: 'Refilled', stock: 9, lowStockThreshold: 5 });
    const deleted = await shop.product({ name: 'Deleted', stock: 1, lowStockThreshold: 5 });
    await shop.editor.api.delete(`/products/${deleted.id}`);
    await tellLowStock(refilled.id, deleted.id);
    await allMailsSent(shop);
    expect(server.mails.filter(({ subject }) => subject?.match(/Refilled|Deleted/))).toEqual([]);
  });

  it('are not sent to somebody who left the staff meanwhile', async () => {
    const former = await shop.customer();
    await shop.query(`UPDATE users SET roles = ARRAY['EDITOR'] WHERE id = $1`, [former.id]);
    const chair = await shop.product({ name: 'Chair', stock: 1, lowStockThreshold: 5 });
    await allMailsSent(shop);
    await server.pause();
    await tellLowStock(chair.id);
    await eventually(async () => (await failedMails(shop)) === 3, 20);
    await shop.query(`UPDATE users SET roles = ARRAY['CUSTOMER'] WHERE id = $1`, [former.id]);
    await server.resume();
    await allMailsSent(shop);
    expect(server.find(shop.editor.email, 'Low stock: Chair')).toHaveLength(1);
    expect(server.find(former.email, 'Low stock')).toEqual([]);
  });
});
