import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MoneyColumn } from '../../../common/money/money.column';

export const PRODUCT_STATUSES = ['draft', 'active', 'archived'] as const;

export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

export type ProductAttributes = Record<string, string | number | boolean>;

/** Written by a trigger of the table, never by us. */
const DERIVED = { select: false, insert: false, update: false };

/** What is sold. A deleted product keeps its row, for the orders and the ledger; its sku and slug are free again. */
@Entity('products')
@Index('uq_products_sku', ['sku'], { unique: true, where: 'deleted_at IS NULL' })
@Index('uq_products_slug', ['slug'], { unique: true, where: 'deleted_at IS NULL' })
@Index('ix_products_created_at', ['status', 'createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_in_stock', ['status', 'inStock', 'createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_featured', ['status', 'createdAt', 'id'], { where: 'featured AND deleted_at IS NULL' })
@Index('ix_products_price', ['status', 'sortPrice', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_currency_price', ['status', 'currency', 'sortPrice', 'id'], {
  where: 'deleted_at IS NULL',
})
@Index('ix_products_name', ['status', 'name', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_products_sample', ['sample'])
@Index('ix_products_search', { synchronize: false })
@Index('ix_products_category_price', ['categoryId', 'status', 'sortPrice', 'id'])
@Index('ix_products_category_id', ['categoryId', 'status', 'createdAt', 'id'], {
  where: 'deleted_at IS NULL',
})
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

  @Column({ type: 'text', collation: 'und-x-icu' })
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

  /** Whether there is stock. Like the columns below kept by a trigger; it changes far less often than the stock. */
  @Column('boolean', { default: false, ...DERIVED })
  inStock: boolean;

  /** The price in ten-thousandths of the major unit, so that prices of all currencies sort as numbers. */
  @Column('bigint', { default: 0, ...DERIVED })
  sortPrice: string;

  /** 0 to 999, spread evenly: a part of the products that stands for all. */
  @Column('smallint', { default: 0, ...DERIVED })
  sample: number;

  /** The words that find the product: of name and sku (A), category (B), attributes (C), description (D). */
  @Column('tsvector', { default: '', ...DERIVED })
  search: string;
}
