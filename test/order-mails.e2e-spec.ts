import { Transactions } from '../src/common/database/transactions';
import { Mails } from '../src/common/mail/mails';
import type { Json } from './support/api-client';
import { eventually } from './support/app';
import { ADDRESS, orderOf, type Person, Shop } from './support/shop';
import { allMailsSent, MailServer, type ReceivedMail, refusal } from './support/smtp';

describe('mails about an order', () => {
  let server: MailServer;
  let shop: Shop;

  beforeAll(async () => {
    server = await MailServer.start();
    shop = await Shop.open({
      settings: { ...server.settings, APP_URL: 'https://shop.example/app/', STORE_NAME: 'Käse & Brot' },
    });
  });

  afterAll(async () => {
    await shop.close();
    await server.close();
  });

  async function orderedBy(
    person: Person,
    product: Record<string, unknown> = {},
    fields: object = {},
  ): Promise<Json> {
    const { id: productId } = await shop.product(product);
    return shop.order(person, [{ productId, quantity: 2 }], fields);
  }

  function moveTo(order: Json, body: object): Promise<{ status: number }> {
    return shop.editor.api.put(`/orders/${order.id}/status`, body);
  }

  it('tell that it was received, with all that was ordered', async () => {
    const ann = await shop.customer({ firstName: 'Ann', lastName: 'Buyer' });
    const order = await orderedBy(ann, { name: 'Mug', sku: 'MUG-1', price: 9.99 });
    const mail = await server.next(ann.email, 'order');
    expect(mail.subject).toBe(`Your order ${order.number}`);
    expect(mail.from).toEqual({ name: 'The Shop', address: 'shop@shop.example' });
    expect(mail.to).toEqual([{ name: 'Ann Buyer', address: ann.email }]);
    expect(mail.header('List-Unsubscribe')).toBeUndefined();
    expect(mail.text).toMatch(/- Mug \(MUG-1\)\n {2}2 × \$9\.99 = \$19\.98\n\nTotal: \$19\.98/);
    expect(mail.text).toMatch(/We send it to:\nAnn Buyer\n1 Harbour Way\nPortland, OR 97201\nUnited States/);
    expect(mail.text).toContain(`\nhttps://shop.example/app/orders/${order.id}\n`);
    expect(mail.html).toContain(`href="https://shop.example/app/orders/${order.id}"`);
    expect(mail.html).toContain('Käse &amp; Brot');
    expect(mail.html).not.toMatch(/<img|src=|url\(|@import|<script|<link/i);
  });

  it('show what a coupon took off', async () => {
    const ann = await shop.customer();
    const { code } = await shop.coupon({ discountPercent: 25 });
    await orderedBy(ann, { price: 10 }, { couponCode: code });
    const { text } = await server.next(ann.email, 'order');
    expect(text).toContain(`Subtotal: $20.00\nDiscount (${code}): -$5.00\nTotal: $15.00`);
  });

  it('tell of each step, with the tracking number and the note of the shop', async () => {
    const ann = await shop.customer();
    const order = await orderedBy(ann);
    await moveTo(order, { status: 'processing', note: 'In two parcels.' });
    await moveTo(order, { status: 'shipped', trackingNumber: '1Z 999' });
    await moveTo(order, { status: 'delivered' });
    const preparing = await server.next(ann.email, `We are preparing your order ${order.number}`);
    const shipped = await server.next(ann.email, `Your order ${order.number} is on its way`);
    const delivered = await server.next(ann.email, `Your order ${order.number} was delivered`);
    expect(preparing.text).toContain('A note from the shop:\nIn two parcels.\n');
    expect(shipped.text).toContain('Tracking number:\n1Z 999\n');
    expect(shipped.text).not.toContain('A note from the shop');
    expect(delivered.text).toMatch(/was delivered on \w+ \d+, \d{4} at \d+:\d\d [AP]M UTC\./);
    await allMailsSent(shop);
    expect(server.find(ann.email, 'order')).toHaveLength(4);
  });

  it('tell that it was cancelled, why, and what becomes of the money', async () => {
    const [ann, bob] = await shop.customers(2);
    const [unpaid, paid] = [await orderedBy(ann as Person), await orderedBy(bob as Person)];
    await shop.editor.api.put(`/orders/${paid.id}/payment-status`, { paymentStatus: 'paid' });
    await ann?.api.post(`/orders/${unpaid.id}/cancel`);
    await moveTo(paid, { status: 'cancelled', note: 'Sold out.' });
    const toAnn = await server.next(ann?.email ?? '', `Your order ${unpaid.number} was cancelled`);
    const toBob = await server.next(bob?.email ?? '', `Your order ${paid.number} was cancelled`);
    expect(toAnn.text).toContain('There is nothing for you to pay.');
    expect(toAnn.text).not.toContain('Reason');
    expect(toBob.text).toContain('You get back what you have paid.');
    expect(toBob.text).toContain('Reason:\nSold out.\n');
    await allMailsSent(shop);
    expect(server.find(bob?.email ?? '', 'order')).toHaveLength(2);
  });

  it.each([
    [
      'de-DE,de;q=0.9',
      'EUR',
      1234.5,
      '1.234,50 €',
      /am \d+\. [A-Z][a-zä]+ \d{4} um \d\d:\d\d UTC|on \d+\. [A-Z][a-zä]+ \d{4} um \d\d:\d\d UTC/,
    ],
    ['ja', 'JPY', 1200, '￥1,200', /\d{4}年\d+月\d+日 \d+:\d\d UTC/],
    ['en-US,en', 'USD', 1234.5, '$1,234.50', /[A-Z][a-z]+ \d+, \d{4} at \d+:\d\d [AP]M UTC/],
    ['fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5', 'KWD', 1.005, '1.005 KWD', /\d+ [a-zéû]+ \d{4} à \d\d:\d\d UTC/],
    [
      'ar-EG',
      'EGP',
      1234.5,
      '\u2068\u200f١٬٢٣٤٫٥٠ ج.م.\u200f\u2069',
      /\u2068[٠-٩]+ .+ [٠-٩]{4} .+ UTC\u2069/,
    ],
    ['x-klingon', 'USD', 1, '$1.00', /[A-Z][a-z]+ \d+, \d{4} at \d+:\d\d [AP]M UTC/],
  ])('write amounts and dates for who asks for %s', async (languages, currency, price, amount, date) => {
    const visitor = shop.api.with({ 'Accept-Language': languages });
    const email = `${languages.slice(0, 2)}-${currency.toLowerCase()}@example.com`;
    const { body } = await visitor.post('/auth/register', { email, password: 'correct horse 42' });
    const { id: productId } = await shop.product({ currency, price });
    const items = [{ productId, quantity: 1 }];
    await shop.api.as(body.accessToken).post('/orders', orderOf({ items }));
    const { text, html } = await server.next(email, 'order');
    const written = text?.replace(/[\u00a0\u202f]/g, ' ');
    expect(written).toContain(`Total: ${amount}\n`);
    expect(written).toMatch(date);
    expect(html?.replace(/[\u00a0\u202f]/g, ' ')).toContain(
      `<bdi>${amount.replace(/[\u2068\u2069]/g, '')}</bdi>`,
    );
  });

  it('follow the language of the newest sign-in that names one', async () => {
    const ann = await shop.customer();
    const { email, password } = ann;
    const german = { 'Accept-Language': 'de-AT' };
    await shop.api.post('/auth/login', { email, password }, german);
    await shop.api.post('/auth/login', { email, password }, { 'Accept-Language': '*' });
    await orderedBy(ann, { price: 10 });
    const { text } = await server.next(email, 'order');
    expect(text?.replace(/\u00a0/g, ' ')).toContain('Total: $ 20,00');
    const { body } = await ann.api.get('/users/me/export');
    expect(body.locale).toBe('de-AT');
    expect(Object.keys((await ann.api.get('/auth/me')).body)).not.toContain('locale');
  });

  it('show what somebody typed in as text, on one line, and never as HTML', async () => {
    const script = '<script>alert(1)</script>';
    const ann = await shop.customer({
      firstName: `${script}\r\nBcc: eve@example.com`,
      lastName: '\u202eeve',
    });
    const shippingAddress = {
      ...ADDRESS,
      fullName: `Ann ${script}`,
      street2: 'a\n\n-- \nGive us money',
      state: null,
    };
    await orderedBy(ann, { name: `Mug ${script} & "more"\nTotal: $0.00` }, { shippingAddress });
    const mail = await server.next(ann.email, 'order');
    expect(mail.envelope.to).toEqual([ann.email]);
    expect(mail.header('Bcc')).toBeUndefined();
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain(
      'Mug &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot; Total: $0.00',
    );
    expect(mail.text).toContain(`Hello ${script} Bcc: eve@example.com eve,\n`);
    expect(mail.text).toContain(`- Mug ${script} & "more" Total: $0.00\n`);
    expect(mail.text).toContain(`Ann ${script}\n1 Harbour Way\na -- Give us money\n97201 Portland\n`);
    expect(mail.text).not.toMatch(/[\u202e\r]/);
  });

  it('come to nothing when the order does', async () => {
    const ann = await shop.customer();
    const { id: productId } = await shop.product({ stock: 1 });
    const refused = await ann.api.post('/orders', orderOf({ items: [{ productId, quantity: 2 }] }));
    expect(refused.status).toBe(409);
    const mails = shop.test.app.get(Mails);
    const rolledBack = shop.test.app.get(Transactions).run(async (tx) => {
      await mails.queue('password_changed', [{ userId: ann.id, at: new Date().toISOString() }], tx);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await orderedBy(ann);
    await allMailsSent(shop);
    expect(server.find(ann.email).map(({ subject }) => subject)).toEqual([
      'Confirm your e-mail address',
      expect.stringMatching(/^Your order/),
    ]);
  });

  it('go to nobody who has been erased meanwhile', async () => {
    const ann = await shop.customer();
    await allMailsSent(shop);
    await server.pause();
    await orderedBy(ann);
    expect((await shop.admin.api.delete(`/users/${ann.id}`)).status).toBe(204);
    await server.resume();
    await allMailsSent(shop);
    expect(server.find(ann.email, 'order')).toEqual([]);
  });

  it('are given up, and noted, when their mailbox does not exist', async () => {
    const ann = await shop.customer();
    server.onRecipient = (address) =>
      address === ann.email ? refusal(550, `5.1.1 <${address}>: no such user`) : null;
    await orderedBy(ann);
    const isRefused = (line: Record<string, unknown>): boolean =>
      line['event'] === 'mail_refused' && line['kind'] === 'order_placed';
    await eventually(() => shop.test.logs.some(isRefused), 20);
    server.onRecipient = () => null;
    await allMailsSent(shop);
    expect(server.find(ann.email, 'order')).toEqual([]);
    expect(shop.test.logs.find(isRefused)).toMatchObject({
      level: 'warn',
      reason: 'The mail server did not take the mail: EENVELOPE RCPT TO 550',
    });
  });

  it('all arrive after the mail server was away, and hold up no order meanwhile', async () => {
    const [ann, product] = [await shop.customer(), await shop.product({ stock: 1000 })];
    await allMailsSent(shop);
    await server.pause();
    const items = [{ productId: product.id, quantity: 1 }];
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ann.api.post('/orders', orderOf({ items }))),
    );
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    await eventually(
      () => shop.test.logs.some(({ event, job }) => event === 'job_failed' && job === 'send_mail'),
      20,
    );
    await server.resume();
    await allMailsSent(shop);
    const arrived = server.find(ann.email, 'order');
    const numbers = answers.map(({ body }) => `Your order ${body.number}`).toSorted();
    expect(arrived.map(({ subject }) => subject).toSorted()).toEqual(numbers);
    expect(new Set(arrived.map(({ messageId }) => messageId)).size).toBe(40);
  });

  it('come again with the same Message-ID when the answer of the server is lost', async () => {
    const ann = await shop.customer();
    const tries: ReceivedMail[] = [];
    server.onMail = (mail) => {
      if (!mail.subject?.match('order') || !mail.envelope.to.includes(ann.email)) return null;
      return tries.push(mail) === 1 ? refusal(451, '4.4.2 lost') : null;
    };
    await orderedBy(ann);
    const arrived = await server.next(ann.email, 'order');
    server.onMail = () => null;
    expect(tries.map(({ messageId }) => messageId)).toEqual([arrived.messageId, arrived.messageId]);
  });
});
