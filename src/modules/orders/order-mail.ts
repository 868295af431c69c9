import type { StoredAddress } from '../../common/address/address.dto';
import type { MailData } from '../../common/mail/mail-template';
import type { Recipient } from '../../common/mail/recipients';
import type { OrderItem } from './entities/order-item.entity';
import type { Order, PaymentMethod } from './entities/order.entity';

/** An order as mails show it. Amounts are in minor units. */
export interface OrderMail extends MailData {
  number: string;
  currency: string;
  /** When it came to the status that the mail tells of. */
  at: Date;
  /** What was noted then. */
  note: string | null;
  isPaid: boolean;
  paymentMethod: string;
  trackingNumber: string | null;
  lines: {
    name: string;
    sku: string | null;
    quantity: number;
    unitPriceMinor: number;
    lineTotalMinor: number;
  }[];
  sums: { label: string; amountMinor: number }[];
  address: string[];
  /** Where the app shows it; null when mails have no links. */
  url: string | null;
}

const PAYMENT_METHOD_NAMES: Record<PaymentMethod, string> = {
  credit_card: 'Credit card',
  paypal: 'PayPal',
  bank_transfer: 'Bank transfer',
  cash_on_delivery: 'Cash on delivery',
};

interface OrderFacts {
  order: Order;
  items: readonly OrderItem[];
  /** The step of its history that the mail tells of. */
  step: { at: Date; note: string | null };
}

export function toOrderMail(
  { order, items, step }: OrderFacts,
  { name, locale }: Recipient,
  appUrl: string | undefined,
): OrderMail {
  return {
    name,
    locale,
    number: order.number,
    currency: order.currency,
    at: step.at,
    note: step.note,
    isPaid: order.paymentStatus !== 'unpaid',
    paymentMethod: PAYMENT_METHOD_NAMES[order.paymentMethod],
    trackingNumber: order.trackingNumber,
    lines: items.map(({ name: product, sku, quantity, unitPriceMinor, lineTotalMinor }) => {
      return { name: product, sku, quantity, unitPriceMinor, lineTotalMinor };
    }),
    sums: sumsOf(order),
    address: addressLines(order.shippingAddress),
    url: appUrl === undefined ? null : `${appUrl}/orders/${order.id}`,
  };
}

/** The total comes last; where nothing was taken off, it is all there is. */
function sumsOf({ subtotalMinor, discountMinor, couponCode, totalMinor }: Order): OrderMail['sums'] {
  const total = { label: 'Total', amountMinor: totalMinor };
  if (discountMinor === 0) return [total];
  return [
    { label: 'Subtotal', amountMinor: subtotalMinor },
    { label: `Discount${couponCode === null ? '' : ` (${couponCode})`}`, amountMinor: -discountMinor },
    total,
  ];
}

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });

/** As an envelope has it. Where addresses name a state, it stands with the postcode behind the city. */
export function addressLines(address: StoredAddress): string[] {
  const { fullName, street, street2, city, state, zipCode, country } = address;
  const place = state === null ? `${zipCode} ${city}` : `${city}, ${state} ${zipCode}`;
  const lines = [fullName, street, street2, place, COUNTRIES.of(country) ?? country];
  return lines.filter((line) => line !== null);
}
