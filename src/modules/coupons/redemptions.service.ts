import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DomainError } from '../../common/errors/domain-error';
import { PersonalData } from '../../common/personal-data/personal-data';
import { fromBigint } from '../../common/money/money.column';
import { discountFor, type CouponTerms } from './coupon-discount';
import { couponExhausted, couponNotFound } from './coupons.errors';

/** What a coupon is tried on. */
export interface Purchase {
  /** Null for a guest, whose uses nobody can count: checkout does. */
  userId: string | null;
  subtotalMinor: number;
  currency: string;
}

/** A coupon that applies, and what it takes off, in minor units of the purchase's currency. */
export interface Quote {
  couponId: string;
  code: string;
  description: string | null;
  discountMinor: number;
}

/** A coupon by its code, or the one that a cart holds. */
export type CouponReference = { code: string } | { couponId: string };

interface CouponRow extends CouponTerms {
  id: string;
  code: string;
  description: string | null;
  usageLimit: number | null;
  usageLimitPerUser: number | null;
  usageCount: number;
  usesByUser: number;
  isDeleted: boolean;
  now: Date;
}

interface RedeemedOrder {
  id: string;
  userId: string;
  currency: string;
}

/** Coupons as carts and orders use them. */
@Injectable()
export class RedemptionsService {
  constructor(
    private readonly dataSource: DataSource,
    personalData: PersonalData,
  ) {
    personalData.onExport('couponRedemptions', (userId) => this.exportOf(userId));
  }

  /**
   * What the coupon takes off the purchase, as checkout would.
   * @throws DomainError any coupon error
   */
  async quote(reference: CouponReference, purchase: Purchase, tx: EntityManager): Promise<Quote> {
    return quoteOf(await findCoupon(reference, purchase.userId, tx), purchase);
  }

  /**
   * {@link quote} for an order: the coupon's row stays locked until the transaction ends, so that neither
   * its terms nor its use change in between. Locked after the products.
   */
  async quoteForOrder(reference: CouponReference, purchase: Purchase, tx: EntityManager): Promise<Quote> {
    return quoteOf(await findCoupon(reference, purchase.userId, tx, 'FOR NO KEY UPDATE OF c'), purchase);
  }

  /** The coupon of a cart, even one that was deleted since: it takes nothing off while it does not apply. */
  async preview(couponId: string, purchase: Purchase, tx: EntityManager): Promise<Quote> {
    const coupon = await findCoupon({ couponId }, purchase.userId, tx);
    if (!coupon) throw couponNotFound();
    const { code, description } = coupon;
    try {
      return quoteOf(coupon, purchase);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { couponId, code, description, discountMinor: 0 };
    }
  }

  /**
   * Counts a use and writes its proof, in one guarded statement, to be run under the lock of {@link quoteForOrder}.
   * A CHECK stands behind the overall limit, a unique key behind the one per user.
   * @throws DomainError `coupon_exhausted`
   */
  async redeem({ couponId, discountMinor }: Quote, order: RedeemedOrder, tx: EntityManager): Promise<void> {
    const written = await tx.query<unknown[]>(
      `WITH counted AS (
         UPDATE coupons SET usage_count = usage_count + 1
          WHERE id = $2 AND (usage_limit IS NULL OR usage_count < usage_limit)
         RETURNING id, usage_limit_per_user)
       INSERT INTO coupon_redemptions (id, coupon_id, user_id, order_id, amount_minor, currency, use_number)
       SELECT $1, counted.id, $3, $4, $5, $6, free.n
         FROM counted
        CROSS JOIN LATERAL (
          SELECT n FROM generate_series(1, 1 + (
            SELECT count(*)::int FROM coupon_redemptions
             WHERE coupon_id = counted.id AND user_id = $3 AND cancelled_at IS NULL)) AS n
           WHERE NOT EXISTS (
             SELECT FROM coupon_redemptions
              WHERE coupon_id = counted.id AND user_id = $3 AND cancelled_at IS NULL AND use_number = n)
           ORDER BY n LIMIT 1) AS free
        WHERE usage_limit_per_user IS NULL OR free.n <= usage_limit_per_user
       RETURNING id`,
      [uuidv7(), couponId, order.userId, order.id, discountMinor, order.currency],
    );
    if (written.length === 0) throw couponExhausted();
  }

  /** What is kept of the coupons that a person used. */
  private exportOf(userId: string): Promise<unknown[]> {
    return this.dataSource.query(
      `SELECT c.code, r.order_id AS "orderId", r.redeemed_at AS "at", r.cancelled_at AS "cancelledAt"
         FROM coupon_redemptions r JOIN coupons c ON c.id = r.coupon_id
        WHERE r.user_id = $1 ORDER BY r.redeemed_at DESC, r.id DESC`,
      [userId],
    );
  }

  /** Gives the use of a cancelled order back, once. Locks the coupon after the products. */
  async giveBack(orderId: string, tx: EntityManager): Promise<void> {
    await tx.query(
      `WITH cancelled AS (
         UPDATE coupon_redemptions SET cancelled_at = now() WHERE order_id = $1 AND cancelled_at IS NULL RETURNING coupon_id)
       UPDATE coupons c SET usage_count = c.usage_count - 1 FROM cancelled WHERE c.id = cancelled.coupon_id`,
      [orderId],
    );
  }
}

/** @throws DomainError any coupon error */
function quoteOf(coupon: CouponRow | null, { subtotalMinor, currency }: Purchase): Quote {
  if (!coupon || coupon.isDeleted) throw couponNotFound();
  const discountMinor = discountFor(coupon, subtotalMinor, currency, coupon.now);
  const { usageLimit, usageLimitPerUser, usageCount, usesByUser } = coupon;
  if (usageLimit !== null && usageCount >= usageLimit) throw couponExhausted();
  if (usageLimitPerUser !== null && usesByUser >= usageLimitPerUser) throw couponExhausted();
  return { couponId: coupon.id, code: coupon.code, description: coupon.description, discountMinor };
}

type AmountColumn = 'discountAmountMinor' | 'minPurchaseMinor' | 'maxDiscountMinor';
type StoredRow = Omit<CouponRow, AmountColumn> & Record<AmountColumn, string | null>;

/**
 * In one statement. Where it waited for the lock, the user's uses may be counted too low by what the holder
 * committed: {@link RedemptionsService.redeem} counts again.
 */
async function findCoupon(
  reference: CouponReference,
  userId: string | null,
  tx: EntityManager,
  lock = '',
): Promise<CouponRow | null> {
  const [condition, value] =
    'code' in reference
      ? // Not by PostgreSQL, whose capitals are those of the database's language.
        ['c.code = $1 AND c.deleted_at IS NULL', reference.code.toUpperCase()]
      : ['c.id = $1', reference.couponId];
  const [row] = await tx.query<StoredRow[]>(
    `SELECT c.id, c.code, c.description, c.currency, c.is_active AS "isActive", c.valid_from AS "validFrom",
            c.valid_until AS "validUntil", c.discount_basis_points AS "discountBasisPoints",
            c.discount_amount_minor AS "discountAmountMinor", c.min_purchase_minor AS "minPurchaseMinor",
            c.max_discount_minor AS "maxDiscountMinor", c.usage_limit AS "usageLimit",
            c.usage_limit_per_user AS "usageLimitPerUser", c.usage_count AS "usageCount",
            c.deleted_at IS NOT NULL AS "isDeleted", now() AS now,
            (SELECT count(*)::int FROM coupon_redemptions r
              WHERE r.coupon_id = c.id AND r.user_id = $2 AND r.cancelled_at IS NULL) AS "usesByUser"
       FROM coupons c WHERE ${condition} ${lock}`,
    [value, userId],
  );
  if (!row) return null;
  return {
    ...row,
    discountAmountMinor: numberOrNull(row.discountAmountMinor),
    minPurchaseMinor: numberOrNull(row.minPurchaseMinor),
    maxDiscountMinor: numberOrNull(row.maxDiscountMinor),
  };
}

function numberOrNull(value: string | null): number | null {
  return value === null ? null : fromBigint(value);
}
