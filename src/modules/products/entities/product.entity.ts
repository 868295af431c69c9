import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MoneyColumn } from '../../../common/money/money.column';

export const PRODUCT_STATUSES = ['draft', 'active', 'archived'] as const;

export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

export type ProductAttributes = Record<string, string | number | boolean>;

/** What is sold. A deleted product keeps its row, for the orders and the ledger; its sku and slug are free again. */
@Entity('products')
@Index('uq_products_sku', ['sku'], { unique: true, where: 'deleted_at IS NULL' })
@Index('uq_products_slug', ['slug'], { unique: true, where: 'deleted_at IS NULL' })
@Index('ix_products_created_at', ['createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_price', ['currency', 'priceMinor', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_name', ['name', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_featured', ['createdAt', 'id'], {
  where: `featured AND status = 'active' AND deleted_at IS NULL`,
})
@Index('ix_products_category_id', ['categoryId', 'createdAt', 'id'])
@Check('ck_products_stock', 'stock >= 0')
@Check('ck_products_price', 'price_minor >= 0 AND compare_at_price_minor >= 0')
@Check('ck_products_low_stock_threshold', 'low_stock_threshold >= 0')
@Check('ck_products_status', `status IN ('draft', 'active', 'archived')`)
@Check('ck_products_currency', `currency ~ '^[A-Z]{3}$'`)
@Check('ck_products_attributes', `jsonb_typeof(attributes) = 'object'`)
export class Product {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { nullable: true })
  sku: string | null;

  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column('text', { nullable: true })
  description: string | null;

  @MoneyColumn()
  priceMinor: number;

  @MoneyColumn({ nullable: true })
  compareAtPriceMinor: number | null;

  @Column('text')
  currency: string;

  /** Units that can be sold. Equals the sum of the product's stock movements. */
  @Column('integer', { default: 0 })
  stock: number;

  @Column('integer', { nullable: true })
  lowStockThreshold: number | null;

  @ForeignKey('Category')
  @Column('uuid', { nullable: true })
  categoryId: string | null;

  @Column('text', { nullable: true })
  imageUrl: string | null;

  @Column('boolean', { default: false })
  featured: boolean;

  @Column('text', { default: 'active' })
  status: ProductStatus;

  @Column('jsonb', { default: {} })
  attributes: ProductAttributes;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
