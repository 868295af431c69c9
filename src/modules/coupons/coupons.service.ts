import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { containsPattern } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { translated } from '../../common/database/translated';
import { invalid, notFound } from '../../common/errors/domain-error';
import type { Precondition } from '../../common/http/etag';
import type { PageQuery } from '../../common/http/page.query';
import type { Page } from '../../common/http/page.response';
import { pageOf, pageWindow } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { toMinorOrNull, toMajor } from '../../common/money/money';
import { fromBigint } from '../../common/money/money.column';
import { definedOf } from '../../common/objects/defined';
import { ENV, type Env } from '../../config/env';
import { couponTag, toCouponResponse } from './coupon-view';
import { translateCouponError } from './coupons.errors';
import type { CreateCouponDto, UpdateCouponDto } from './dto/coupon.dto';
import type { CouponResponse, RedemptionResponse } from './dto/coupon.response';
import type { ListCouponsQuery } from './dto/list-coupons.query';
import { Coupon } from './entities/coupon.entity';

interface RedemptionRow {
  orderId: string;
  orderNumber: string;
  userId: string;
  amountMinor: string;
  currency: string;
  redeemedAt: Date;
  cancelledAt: Date | null;
}

/** Coupons as admins keep them. */
@Injectable()
export class CouponsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Newest first. */
  async list(query: ListCouponsQuery): Promise<Page<CouponResponse>> {
    const window = pageWindow(query);
    const { q, active } = query;
    const builder = this.dataSource.manager.createQueryBuilder(Coupon, 'c').where('c.deletedAt IS NULL');
    if (q) builder.andWhere('(c.code ILIKE :q OR c.description ILIKE :q)', { q: containsPattern(q) });
    if (active !== undefined) builder.andWhere('c.isActive = :active', { active });
    const [coupons, total] = await builder
      .orderBy({ 'c.createdAt': 'DESC', 'c.id': 'DESC' })
      .limit(window.limit)
      .offset(window.offset)
      .getManyAndCount();
    return pageOf(coupons.map(toCouponResponse), total, window);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<CouponResponse> {
    const coupon = await this.dataSource.manager.findOneBy(Coupon, { id, deletedAt: IsNull() });
    if (!coupon) throw notFound('coupon');
    return toCouponResponse(coupon);
  }

  /** @throws DomainError `code_taken`, `validation_failed` */
  create(dto: CreateCouponDto, request: IdempotentRequest): Promise<CouponResponse> {
    return this.idempotency.run(request, async (tx) => {
      const id = uuidv7();
      const currency = this.env.STORE_CURRENCY;
      const columns = columnsOf(dto, currency);
      assertConsistent({ ...NO_TERMS, ...columns });
      await translated(tx.insert(Coupon, { ...columns, id, currency }), translateCouponError);
      return toCouponResponse(await tx.findOneByOrFail(Coupon, { id }));
    });
  }

  /** @throws DomainError `not_found`, `version_mismatch`, `code_taken`, `validation_failed` */
  update(id: string, dto: UpdateCouponDto, ifMatch: Precondition): Promise<CouponResponse> {
    return this.transactions.run(async (tx) => {
      const coupon = await lockCoupon(id, ifMatch, tx);
      const columns = columnsOf(dto, coupon.currency);
      assertConsistent({ ...coupon, ...columns });
      await assertLimitsHold({ ...coupon, ...columns }, tx);
      await translated(
        tx.update(Coupon, { id }, { ...columns, version: () => 'version + 1', updatedAt: () => 'now()' }),
        translateCouponError,
      );
      return toCouponResponse(await tx.findOneByOrFail(Coupon, { id }));
    });
  }

  /** Like {@link update}; what is left out goes back to its default. */
  replace(id: string, dto: CreateCouponDto, ifMatch: Precondition): Promise<CouponResponse> {
    return this.update(id, { ...DEFAULTS, ...definedOf(dto) }, ifMatch);
  }

  /** Its redemptions stay readable. @throws DomainError `not_found`, `version_mismatch` */
  async remove(id: string, ifMatch: Precondition): Promise<void> {
    await this.transactions.run(async (tx) => {
      await lockCoupon(id, ifMatch, tx);
      await tx.update(Coupon, { id }, { deletedAt: () => 'now()', version: () => 'version + 1' });
    });
  }

  /** Newest first; of a deleted coupon, too. @throws DomainError `not_found` */
  async listRedemptions(id: string, query: PageQuery): Promise<Page<RedemptionResponse>> {
    const window = pageWindow(query);
    const [coupon] = await this.dataSource.query<{ total: number }[]>(
      `SELECT (SELECT count(*)::int FROM coupon_redemptions r WHERE r.coupon_id = c.id) AS total FROM coupons c WHERE c.id = $1`,
      [id],
    );
    if (!coupon) throw notFound('coupon');
    const rows = await this.dataSource.query<RedemptionRow[]>(
      `SELECT r.order_id AS "orderId", o.number AS "orderNumber", r.user_id AS "userId", r.amount_minor AS "amountMinor",
              r.currency, r.redeemed_at AS "redeemedAt", r.cancelled_at AS "cancelledAt"
         FROM coupon_redemptions r JOIN orders o ON o.id = r.order_id
        WHERE r.coupon_id = $1 ORDER BY r.redeemed_at DESC, r.id DESC LIMIT $2 OFFSET $3`,
      [id, window.limit, window.offset],
    );
    return pageOf(rows.map(toRedemptionResponse), coupon.total, window);
  }
}

const DEFAULTS = {
  description: null,
  discountPercent: null,
  discountAmount: null,
  minPurchase: null,
  maxDiscount: null,
  validFrom: null,
  validUntil: null,
  usageLimit: null,
  usageLimitPerUser: null,
  isActive: true,
};

interface Terms {
  discountBasisPoints: number | null;
  discountAmountMinor: number | null;
  validFrom: Date | null;
  validUntil: Date | null;
  usageLimit: number | null;
  usageLimitPerUser: number | null;
}

const NO_TERMS: Terms = {
  discountBasisPoints: null,
  discountAmountMinor: null,
  validFrom: null,
  validUntil: null,
  usageLimit: null,
  usageLimitPerUser: null,
};

function toRedemptionResponse(row: RedemptionRow): RedemptionResponse {
  const { orderId, orderNumber, userId, amountMinor, currency, redeemedAt, cancelledAt } = row;
  return {
    orderId,
    orderNumber,
    userId,
    amount: toMajor(fromBigint(amountMinor), currency),
    currency,
    at: redeemedAt.toISOString(),
    cancelledAt: cancelledAt?.toISOString() ?? null,
  };
}

/** The columns that follow from what is given. */
function columnsOf(dto: UpdateCouponDto, currency: string): Partial<Coupon> {
  const { code, discountPercent, discountAmount, minPurchase, maxDiscount, validFrom, validUntil, ...plain } =
    dto;
  return definedOf({
    ...plain,
    code: code?.toUpperCase(),
    discountBasisPoints: discountPercent == null ? discountPercent : Math.round(discountPercent * 100),
    discountAmountMinor: toMinorOrNull(discountAmount, currency, 'discountAmount'),
    minPurchaseMinor: toMinorOrNull(minPurchase, currency, 'minPurchase'),
    maxDiscountMinor: toMinorOrNull(maxDiscount, currency, 'maxDiscount'),
    validFrom: toDate(validFrom),
    validUntil: toDate(validUntil),
  });
}

function toDate<T extends null | undefined>(text: string | T): Date | T {
  return typeof text === 'string' ? new Date(text) : text;
}

/** @throws DomainError `validation_failed` */
function assertConsistent({ discountBasisPoints, discountAmountMinor, validFrom, validUntil }: Terms): void {
  if ((discountBasisPoints === null) === (discountAmountMinor === null)) {
    throw invalid('discountPercent', 'one_discount', 'Give just one of discountPercent and discountAmount.');
  }
  if (discountAmountMinor === 0) throw invalid('discountAmount', 'min', 'discountAmount must be above 0.');
  if (validFrom && validUntil && validFrom >= validUntil) {
    throw invalid('validUntil', 'after_valid_from', 'validUntil must be after validFrom.');
  }
}

/** A limit cannot be set below what is used already. @throws DomainError `validation_failed` */
async function assertLimitsHold(
  terms: Terms & { id: string; usageCount: number },
  tx: EntityManager,
): Promise<void> {
  const { usageLimit, usageLimitPerUser, usageCount } = terms;
  if (usageLimit !== null && usageLimit < usageCount) {
    throw invalid('usageLimit', 'below_usage', `usageLimit cannot be below the ${usageCount} uses so far.`);
  }
  if (usageLimitPerUser === null) return;
  const rows = await tx.query<{ most: number }[]>(
    `SELECT coalesce(max(uses), 0)::int AS most FROM (
       SELECT count(*) AS uses FROM coupon_redemptions WHERE coupon_id = $1 AND cancelled_at IS NULL GROUP BY user_id) AS u`,
    [terms.id],
  );
  const most = rows[0]?.most ?? 0;
  if (usageLimitPerUser < most) {
    throw invalid(
      'usageLimitPerUser',
      'below_usage',
      `usageLimitPerUser cannot be below the ${most} uses of one user.`,
    );
  }
}

async function lockCoupon(id: string, ifMatch: Precondition, tx: EntityManager): Promise<Coupon> {
  const coupon = await tx.findOne(Coupon, {
    where: { id, deletedAt: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
  if (!coupon) throw notFound('coupon');
  ifMatch.assertMatches(couponTag(coupon));
  return coupon;
}
