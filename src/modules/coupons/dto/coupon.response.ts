import { CursorMeta, ListMeta, PageMeta } from '../../../common/http/page.response';

export class CouponResponse {
  id: string;
  code: string;
  description: string | null;
  discountPercent: number | null;
  /** Major units of `currency`. */
  discountAmount: number | null;
  /** ISO 4217: the store's. */
  currency: string;
  minPurchase: number | null;
  maxDiscount: number | null;
  validFrom: string | null;
  validUntil: string | null;
  usageLimit: number | null;
  usageLimitPerUser: number | null;
  /** Redemptions that are not cancelled. */
  usageCount: number;
  isActive: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export class CouponPage {
  data: CouponResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}

export class RedemptionResponse {
  orderId: string;
  orderNumber: string;
  userId: string;
  /** Major units of `currency`. */
  amount: number;
  currency: string;
  at: string;
  cancelledAt: string | null;
}

export class RedemptionPage {
  data: RedemptionResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
