export interface SeedUser {
  readonly email: string;
  readonly password: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly roles: readonly ('ADMIN' | 'EDITOR' | 'CUSTOMER')[];
}

export interface SeedAddress {
  readonly fullName: string;
  readonly phone: string | null;
  readonly street: string;
  readonly street2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly zipCode: string;
  readonly country: string;
}

/** Development only: the passwords are published. A production seed must not make these accounts. */
export const DEVELOPMENT_USERS: readonly SeedUser[] = [
  {
    email: 'admin@example.com',
    password: 'adminpass123',
    username: 'admin',
    firstName: 'Ada',
    lastName: 'Wheelwright',
    phone: null,
    roles: ['ADMIN'],
  },
  {
    email: 'editor@example.com',
    password: 'editorpass123',
    username: 'editor',
    firstName: 'Edmund',
    lastName: 'Cooper',
    phone: null,
    roles: ['EDITOR'],
  },
  {
    email: 'customer@example.com',
    password: 'customerpass',
    username: 'customer',
    firstName: 'Clara',
    lastName: 'Fletcher',
    phone: '+1 202 555 0143',
    roles: ['CUSTOMER'],
  },
];

/** Whose past orders the seed makes. */
export const SEED_ORDERS_EMAIL = 'customer@example.com';

export const SEED_ADDRESSES = {
  home: {
    fullName: 'Clara Fletcher',
    phone: '+1 202 555 0143',
    street: '18 Quarry Lane',
    street2: null,
    city: 'Portland',
    state: 'ME',
    zipCode: '04101',
    country: 'US',
  },
  work: {
    fullName: 'Clara Fletcher',
    phone: '+1 202 555 0178',
    street: '240 Ropewalk Street',
    street2: 'Third floor, Harbour Studios',
    city: 'Boston',
    state: 'MA',
    zipCode: '02110',
    country: 'US',
  },
  parents: {
    fullName: 'Ruth and Martin Fletcher',
    phone: null,
    street: '7 Orchard Row',
    street2: null,
    city: 'Bath',
    state: null,
    zipCode: 'BA1 2QX',
    country: 'GB',
  },
} as const satisfies Record<string, SeedAddress>;
