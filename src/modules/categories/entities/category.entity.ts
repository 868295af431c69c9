import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A node of the catalogue's tree. */
@Entity('categories')
@Unique('uq_categories_slug', ['slug'])
@Index('ix_categories_parent_id', ['parentId', 'position', 'name', 'id'])
@Index('ix_categories_position', ['position', 'name', 'id'])
@Index('ix_categories_name', ['name', 'id'])
@Index('ix_categories_created_at', ['createdAt', 'id'])
@Check('ck_categories_parent', 'parent_id <> id')
export class Category {
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'text', collation: 'und-x-icu' })
  name: string;

  @Column('text')
  slug: string;

  @Column('text', { nullable: true })
  description: string | null;

  @ForeignKey('Category')
  @Column('uuid', { nullable: true })
  parentId: string | null;

  /** The order among siblings, lowest first. */
  @Column('integer', { default: 0 })
  position: number;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  /** The words of the name, as searches find them. Kept by a trigger. */
  @Column({ type: 'text', default: '', select: false, insert: false, update: false })
  search: string;
}
