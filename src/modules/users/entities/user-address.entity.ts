import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** An address in a user's address book. Exactly one of a user's is the default. */
@Entity('user_addresses')
@Index('uq_user_addresses_default', ['userId'], { unique: true, where: 'is_default' })
@Index('ix_user_addresses_user_id', ['userId', 'createdAt', 'id'])
export class UserAddress {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('User')
  @Column('uuid')
  userId: string;

  @Column('boolean')
  isDefault: boolean;

  @Column('text', { nullable: true })
  fullName: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text')
  street: string;

  @Column('text', { nullable: true })
  street2: string | null;

  @Column('text')
  city: string;

  @Column('text', { nullable: true })
  state: string | null;

  @Column('text')
  zipCode: string;

  /** ISO 3166-1 alpha-2. */
  @Column('text')
  country: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt: Date;
}
