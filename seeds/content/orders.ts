import type { SEED_ADDRESSES } from './users';

export interface SeedOrder {
  /** The order number: what makes seeding twice harmless. */
  readonly key: string;
  readonly placedDaysAgo: number;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly couponCode: string | null;
  readonly status: 'pending' | 'processing' | 'shipped' | 'delivered' | 'cancelled';
  readonly paymentMethod: 'credit_card' | 'paypal' | 'bank_transfer' | 'cash_on_delivery';
  readonly paymentStatus: 'unpaid' | 'paid' | 'refunded';
  readonly trackingNumber: string | null;
  readonly note: string | null;
  readonly shipTo: keyof typeof SEED_ADDRESSES;
}

/** Oldest first, as they were placed. */
export const SEED_ORDERS: readonly SeedOrder[] = [
  {
    key: 'CW-SEED-0001',
    placedDaysAgo: 96,
    items: [
      { sku: 'CW-MUG-001', quantity: 4 },
      { sku: 'CW-COF-001', quantity: 1 },
      { sku: 'CW-COF-009', quantity: 2 },
    ],
    couponCode: 'WELCOME10',
    status: 'delivered',
    paymentMethod: 'credit_card',
    paymentStatus: 'paid',
    trackingNumber: 'TRK-4410-2231',
    note: null,
    shipTo: 'home',
  },
  {
    key: 'CW-SEED-0002',
    placedDaysAgo: 71,
    items: [{ sku: 'CW-BED-001', quantity: 1 }],
    couponCode: null,
    status: 'cancelled',
    paymentMethod: 'paypal',
    paymentStatus: 'refunded',
    trackingNumber: null,
    note: null,
    shipTo: 'home',
  },
  {
    key: 'CW-SEED-0003',
    placedDaysAgo: 70,
    items: [
      { sku: 'CW-BED-002', quantity: 1 },
      { sku: 'CW-BED-003', quantity: 2 },
    ],
    couponCode: 'KETTLE20',
    status: 'delivered',
    paymentMethod: 'paypal',
    paymentStatus: 'paid',
    trackingNumber: 'TRK-4418-9027',
    note: 'The right size this time.',
    shipTo: 'home',
  },
  {
    key: 'CW-SEED-0004',
    placedDaysAgo: 45,
    items: [
      { sku: 'CW-TXT-004', quantity: 1 },
      { sku: 'CW-HOM-003', quantity: 2 },
      { sku: 'CW-TEA-003', quantity: 3 },
    ],
    couponCode: 'SAVE15',
    status: 'delivered',
    paymentMethod: 'credit_card',
    paymentStatus: 'paid',
    trackingNumber: 'TRK-4431-5510',
    note: 'A present: please leave out the invoice.',
    shipTo: 'parents',
  },
  {
    key: 'CW-SEED-0005',
    placedDaysAgo: 21,
    items: [
      { sku: 'CW-OUT-001', quantity: 1 },
      { sku: 'CW-OUT-006', quantity: 2 },
    ],
    couponCode: null,
    status: 'cancelled',
    paymentMethod: 'bank_transfer',
    paymentStatus: 'unpaid',
    trackingNumber: null,
    note: null,
    shipTo: 'work',
  },
  {
    key: 'CW-SEED-0006',
    placedDaysAgo: 9,
    items: [
      { sku: 'CW-CMP-001', quantity: 1 },
      { sku: 'CW-CMP-007', quantity: 2 },
      { sku: 'CW-CMP-014', quantity: 1 },
    ],
    couponCode: null,
    status: 'shipped',
    paymentMethod: 'credit_card',
    paymentStatus: 'paid',
    trackingNumber: 'TRK-4467-0083',
    note: null,
    shipTo: 'home',
  },
  {
    key: 'CW-SEED-0007',
    placedDaysAgo: 6,
    items: [{ sku: 'CW-LGT-014', quantity: 10 }],
    couponCode: null,
    status: 'shipped',
    paymentMethod: 'cash_on_delivery',
    paymentStatus: 'unpaid',
    trackingNumber: 'TRK-4472-6395',
    note: 'The bell does not work, please knock.',
    shipTo: 'work',
  },
  {
    key: 'CW-SEED-0008',
    placedDaysAgo: 3,
    items: [
      { sku: 'CW-DSK-002', quantity: 1 },
      { sku: 'CW-DSK-003', quantity: 2 },
      { sku: 'CW-NTB-001', quantity: 3 },
    ],
    couponCode: 'SAVE15',
    status: 'processing',
    paymentMethod: 'paypal',
    paymentStatus: 'paid',
    trackingNumber: null,
    note: null,
    shipTo: 'work',
  },
  {
    key: 'CW-SEED-0009',
    placedDaysAgo: 2,
    items: [{ sku: 'CW-COK-004', quantity: 1 }],
    couponCode: null,
    status: 'processing',
    paymentMethod: 'credit_card',
    paymentStatus: 'paid',
    trackingNumber: null,
    note: null,
    shipTo: 'parents',
  },
  {
    key: 'CW-SEED-0010',
    placedDaysAgo: 1,
    items: [
      { sku: 'CW-KIT-005', quantity: 1 },
      { sku: 'CW-KIT-001', quantity: 1 },
    ],
    couponCode: null,
    status: 'pending',
    paymentMethod: 'bank_transfer',
    paymentStatus: 'unpaid',
    trackingNumber: null,
    note: null,
    shipTo: 'home',
  },
  {
    key: 'CW-SEED-0011',
    placedDaysAgo: 0,
    items: [
      { sku: 'CW-TXT-013', quantity: 2 },
      { sku: 'CW-TXT-014', quantity: 1 },
    ],
    couponCode: null,
    status: 'pending',
    paymentMethod: 'credit_card',
    paymentStatus: 'unpaid',
    trackingNumber: null,
    note: null,
    shipTo: 'home',
  },
];
