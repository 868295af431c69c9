import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** A picture of a product. Its files are in the file store, under its id; they never change. */
@Entity('product_images')
@Unique('uq_product_images_position', ['productId', 'position'], { deferrable: 'INITIALLY IMMEDIATE' })
@Check('ck_product_images_position', 'position >= 0')
@Check('ck_product_images_size', 'width > 0 AND height > 0')
export class ProductImage {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Product')
  @Column('uuid')
  productId: string;

  /** The images of a product are numbered from 0 without gaps. */
  @Column('integer')
  position: number;

  @Column('text', { nullable: true })
  alt: string | null;

  /** Pixels of what was uploaded, held upright. */
  @Column('integer')
  width: number;

  @Column('integer')
  height: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
