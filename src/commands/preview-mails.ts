import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type MailData, MailTemplate } from '../common/mail/mail-template';
import { loadEnv } from '../config/env';
import type { OrderMail } from '../modules/orders/order-mail';
import { failStart, print } from './terminal';

type Sample = MailData & Record<string, unknown>;

const MODULES = path.join(__dirname, '..', 'modules');

const ANN = { name: 'Ann Buyer', locale: 'en-US' };

const TOKEN = { token: 'q3Zx0c9y6Yt1bVJr8mH2nLw5uPdK7sGfEaQiToXvCzM', expiresAt: '2026-11-20T10:30:00.000Z' };

const ORDER: OrderMail = {
  ...ANN,
  number: '7K2M-9QXD',
  currency: 'USD',
  at: new Date('2026-11-21T15:05:00.000Z'),
  note: null,
  isPaid: true,
  paymentMethod: 'Credit card',
  trackingNumber: null,
  lines: [
    { name: 'Enamel mug', sku: 'MUG-1', quantity: 2, unitPriceMinor: 999, lineTotalMinor: 1998 },
    {
      name: 'Folding picnic table with four stools, weatherproof, forest green',
      sku: null,
      quantity: 1,
      unitPriceMinor: 129_900,
      lineTotalMinor: 129_900,
    },
  ],
  sums: [
    { label: 'Subtotal', amountMinor: 131_898 },
    { label: 'Discount (SPRING-10)', amountMinor: -13_190 },
    { label: 'Total', amountMinor: 118_708 },
  ],
  address: ['Ann Buyer', '1 Harbour Way', 'Portland, OR 97201', 'United States'],
  url: 'https://shop.example.com/orders/0199aa00-0000-7000-8000-000000000001',
};

/** Every mail, by its template; after the `.` what is special. */
const SAMPLES: Record<string, Sample> = {
  'auth/verify-email': {
    ...ANN,
    ...TOKEN,
    url: `https://shop.example.com/verify-email?token=${TOKEN.token}`,
  },
  'auth/verify-email.no-link': { ...ANN, ...TOKEN, name: null, url: null },
  'auth/reset-password': {
    ...ANN,
    ...TOKEN,
    url: `https://shop.example.com/reset-password?token=${TOKEN.token}`,
  },
  'auth/reset-password.no-link': { ...ANN, ...TOKEN, name: null, url: null },
  'auth/password-changed': { ...ANN, at: '2026-11-20T09:30:00.000Z' },
  'orders/order-placed': { ...ORDER },
  'orders/order-placed.de': { ...ORDER, locale: 'de', currency: 'EUR' },
  'orders/order-placed.ja': { ...ORDER, name: '山田 太郎', locale: 'ja', currency: 'JPY' },
  'orders/order-placed.ar': { ...ORDER, name: 'آن', locale: 'ar-EG', currency: 'EGP' },
  'orders/order-processing': { ...ORDER, note: 'The table comes in a parcel of its own.' },
  'orders/order-shipped': { ...ORDER, trackingNumber: '1Z 999 AA1 01 2345 6784' },
  'orders/order-delivered': { ...ORDER },
  'orders/order-cancelled': { ...ORDER, note: 'The table is damaged, and we have no other.' },
  'products/low-stock': {
    ...ANN,
    product: 'Enamel mug',
    sku: 'MUG-1',
    stock: 3,
    threshold: 5,
    isSoldOut: false,
  },
  'products/low-stock.sold-out': {
    ...ANN,
    product: 'Enamel mug',
    sku: null,
    stock: 0,
    threshold: 5,
    isSoldOut: true,
  },
};

/** Writes every mail with sample data as HTML and as text, for whoever changes how they look or what they say. */
async function main(): Promise<void> {
  const { DATA_DIR, STORE_NAME } = loadEnv();
  const directory = path.join(DATA_DIR, 'mail-preview');
  await mkdir(directory, { recursive: true });
  for (const [name, data] of Object.entries(SAMPLES)) {
    const [template = '', ...variant] = name.split('.');
    const [module = '', file = ''] = template.split('/');
    const { subject, html, text } = new MailTemplate(
      path.join(MODULES, module, 'mails', `${file}.hbs`),
    ).render(data, STORE_NAME);
    const target = path.join(directory, [file, ...variant].join('.'));
    await writeFile(`${target}.html`, html);
    await writeFile(`${target}.txt`, `Subject: ${subject}\n\n${text}\n`);
  }
  print(`${Object.keys(SAMPLES).length} mails are in ${directory}.`);
}

void main().catch(failStart);
