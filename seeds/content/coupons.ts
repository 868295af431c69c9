export interface SeedCoupon {
  readonly code: string;
  readonly description: string;
  /** Percent, not basis points. A coupon has either this or a fixed amount. */
  readonly discountPercent: number | null;
  readonly discountAmountMinor: number | null;
  readonly minPurchaseMinor: number | null;
  readonly maxDiscountMinor: number | null;
  /** Half-open: valid from `validFrom` on and until just before `validUntil`. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly usageLimit: number | null;
  readonly usageLimitPerUser: number | null;
  readonly isActive: boolean;
}

const UNLIMITED = {
  discountPercent: null,
  discountAmountMinor: null,
  minPurchaseMinor: null,
  maxDiscountMinor: null,
  validFrom: null,
  validUntil: null,
  usageLimit: null,
  usageLimitPerUser: null,
  isActive: true,
} as const;

export const SEED_COUPONS: readonly SeedCoupon[] = [
  {
    ...UNLIMITED,
    code: 'WELCOME10',
    description: 'Ten percent off your first order.',
    discountPercent: 10,
    usageLimitPerUser: 1,
  },
  {
    ...UNLIMITED,
    code: 'SAVE15',
    description: '15 dollars off orders of 75 dollars or more.',
    discountAmountMinor: 1500,
    minPurchaseMinor: 7500,
    usageLimit: 500,
  },
  {
    ...UNLIMITED,
    code: 'KETTLE20',
    description: 'Twenty percent off, 25 dollars at the most, for readers of our newsletter.',
    discountPercent: 20,
    maxDiscountMinor: 2500,
    usageLimit: 1000,
    usageLimitPerUser: 2,
  },
  {
    ...UNLIMITED,
    code: 'SPRING2024',
    description: 'A spring sale that is over: use it to see how an expired coupon is refused.',
    discountPercent: 15,
    validFrom: '2024-03-01T00:00:00.000Z',
    validUntil: '2024-06-01T00:00:00.000Z',
  },
  {
    ...UNLIMITED,
    code: 'JUBILEE2099',
    description: 'A jubilee still to come: use it to see how a coupon is refused before its time.',
    discountPercent: 50,
    maxDiscountMinor: 10000,
    validFrom: '2099-01-01T00:00:00.000Z',
    validUntil: '2100-01-01T00:00:00.000Z',
  },
  {
    ...UNLIMITED,
    code: 'STAFF-PICK',
    description: 'Five dollars off, switched off for now.',
    discountAmountMinor: 500,
    isActive: false,
  },
];
