import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordChange } from '../../common/audit/audit';
import { containsPattern, SqlFilter } from '../../common/database/sql';
import { Transactions } from '../../common/database/transactions';
import { translated } from '../../common/database/translated';
import { invalid, notFound } from '../../common/errors/domain-error';
import type { Precondition } from '../../common/http/etag';
import type { PageQuery } from '../../common/http/page.query';
import type { ListPage } from '../../common/http/page.response';
import { mapPage } from '../../common/http/pagination';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { Lists } from '../../common/lists/lists';
import { sortOrder } from '../../common/lists/sort-order';
import { toMinorOrNull, toMajor } from '../../common/money/money';
import { definedOf } from '../../common/objects/defined';
import { ENV, type Env } from '../../config/env';
import { couponTag, toCouponResponse } from './coupon-view';
import { translateCouponError } from './coupons.errors';
import type { CreateCouponDto, UpdateCouponDto } from './dto/coupon.dto';
import type { CouponResponse, RedemptionResponse } from './dto/coupon.response';
import type { ListCouponsQuery } from './dto/list-coupons.query';
import { CouponRedemption } from './entities/coupon-redemption.entity';
import { Coupon } from './entities/coupon.entity';

const NEWEST_FIRST = sortOrder(['-createdAt'], { createdAt: { sql: 'created_at', type: 'timestamptz' } });
const LATEST_FIRST = sortOrder(['-at'], { at: { sql: 'redeemed_at', type: 'timestamptz' } });

/** Coupons as admins keep them. */
@Injectable()
export class CouponsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Newest first. */
  async list(query: ListCouponsQuery): Promise<ListPage<CouponResponse>> {
    const pattern = query.q ? containsPattern(query.q) : undefined;
    const filter = new SqlFilter()
      .add('deleted_at IS NULL')
      .addIf(pattern, '(code ILIKE ? OR description ILIKE ?)')
      .addIf(query.active, 'is_active = ?');
    const list = { name: 'coupons', entity: Coupon, filter, order: NEWEST_FIRST };
    return mapPage(await this.lists.read(list, query), toCouponResponse);
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
      const coupon = toCouponResponse(await tx.findOneByOrFail(Coupon, { id }));
      await recordChange({ action: 'coupon.created', id, before: null, after: { ...coupon } }, tx);
      return coupon;
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
      const updated = toCouponResponse(await tx.findOneByOrFail(Coupon, { id }));
      const facts = { before: { ...toCouponResponse(coupon) }, after: { ...updated } };
      await recordChange({ action: 'coupon.updated', id, ...facts }, tx);
      return updated;
    });
  }

  /** Like {@link update}; what is left out goes back to its default. */
  replace(id: string, dto: CreateCouponDto, ifMatch: Precondition): Promise<CouponResponse> {
    return this.update(id, { ...DEFAULTS, ...definedOf(dto) }, ifMatch);
  }

  /** Its redemptions stay readable. @throws DomainError `not_found`, `version_mismatch` */
  async remove(id: string, ifMatch: Precondition): Promise<void> {
    await this.transactions.run(async (tx) => {
      const coupon = toCouponResponse(await lockCoupon(id, ifMatch, tx));
      await tx.update(Coupon, { id }, { deletedAt: () => 'now()', version: () => 'version + 1' });
      await recordChange({ action: 'coupon.deleted', id, before: { ...coupon }, after: null }, tx);
    });
  }

  /** Newest first; of a deleted coupon, too. @throws DomainError `not_found` */
  async listRedemptions(id: string, query: PageQuery): Promise<ListPage<RedemptionResponse>> {
    if (!(await this.dataSource.manager.existsBy(Coupon, { id }))) throw notFound('coupon');
    const filter = new SqlFilter().add('coupon_id = ?', id);
    const list = { name: `redemptions of ${id}`, entity: CouponRedemption, filter, order: LATEST_FIRST };
    const page = await this.lists.read(list, query);
    const numbers = await this.orderNumbers(page.data.map(({ orderId }) => orderId));
    return mapPage(page, (redemption) =>
      toRedemptionResponse(redemption, numbers.get(redemption.orderId) ?? ''),
    );
  }

  private async orderNumbers(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.dataSource.query<{ id: string; number: string }[]>(
      'SELECT id, number FROM orders WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.number]));
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

function toRedemptionResponse(redemption: CouponRedemption, orderNumber: string): RedemptionResponse {
  const { orderId, userId, amountMinor, currency, redeemedAt, cancelledAt } = redemption;
  return {
    orderId,
    orderNumber,
    userId,
    amount: toMajor(amountMinor, currency),
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
    lock: { mode: 'for_no_key_update' },
  });
  if (!coupon) throw notFound('coupon');
  ifMatch.assertMatches(couponTag(coupon));
  return coupon;
}
