import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first tables: users, catalogue, stock ledger, coupons, carts and orders, with the rules that they carry. */
export class CreateShop1795250000000 implements MigrationInterface {
  readonly name = 'CreateShop1795250000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE users (
        id uuid NOT NULL,
        email text,
        email_key text,
        username text,
        username_key text,
        password_hash text,
        first_name text,
        last_name text,
        phone text,
        roles text[] NOT NULL,
        is_active boolean NOT NULL DEFAULT true,
        email_verified boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT uq_users_email_key UNIQUE (email_key),
        CONSTRAINT uq_users_username_key UNIQUE (username_key),
        CONSTRAINT ck_users_erased CHECK ((deleted_at IS NULL) = (email IS NOT NULL) AND (email IS NULL) = (email_key IS NULL)),
        CONSTRAINT ck_users_roles CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['CUSTOMER', 'EDITOR', 'ADMIN']::text[])
      )`);
    await queryRunner.query(`
      CREATE TABLE sessions (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        user_agent text,
        ip text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CONSTRAINT pk_sessions PRIMARY KEY (id),
        CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_sessions_user_id ON sessions (user_id, last_used_at)`);
    await queryRunner.query(`
      CREATE TABLE refresh_tokens (
        id uuid NOT NULL,
        session_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
        CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id)`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX uq_refresh_tokens_live ON refresh_tokens (session_id) WHERE used_at IS NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE categories (
        id uuid NOT NULL,
        name text NOT NULL,
        slug text NOT NULL,
        description text,
        parent_id uuid,
        position integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_categories PRIMARY KEY (id),
        CONSTRAINT uq_categories_slug UNIQUE (slug),
        CONSTRAINT ck_categories_parent CHECK (parent_id <> id),
        CONSTRAINT fk_categories_parent_id FOREIGN KEY (parent_id) REFERENCES categories (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_categories_parent_id ON categories (parent_id, position, id)`);
    await queryRunner.query(`
      CREATE TABLE products (
        id uuid NOT NULL,
        sku text,
        name text NOT NULL,
        slug text NOT NULL,
        description text,
        price_minor bigint NOT NULL,
        compare_at_price_minor bigint,
        currency text NOT NULL,
        stock integer NOT NULL DEFAULT 0,
        low_stock_threshold integer,
        category_id uuid,
        image_url text,
        featured boolean NOT NULL DEFAULT false,
        status text NOT NULL DEFAULT 'active',
        attributes jsonb NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_products PRIMARY KEY (id),
        CONSTRAINT ck_products_attributes CHECK (jsonb_typeof(attributes) = 'object'),
        CONSTRAINT ck_products_currency CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT ck_products_low_stock_threshold CHECK (low_stock_threshold >= 0),
        CONSTRAINT ck_products_price CHECK (price_minor >= 0 AND compare_at_price_minor >= 0),
        CONSTRAINT ck_products_status CHECK (status IN ('draft', 'active', 'archived')),
        CONSTRAINT ck_products_stock CHECK (stock >= 0),
        CONSTRAINT fk_products_category_id FOREIGN KEY (category_id) REFERENCES categories (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_products_category_id ON products (category_id, created_at, id)`);
    await queryRunner.query(
      `CREATE INDEX ix_products_created_at ON products (created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_products_featured ON products (created_at, id) WHERE featured AND status = 'active' AND deleted_at IS NULL`,
    );
    await queryRunner.query(`CREATE INDEX ix_products_name ON products (name, id) WHERE deleted_at IS NULL`);
    await queryRunner.query(
      `CREATE INDEX ix_products_price ON products (currency, price_minor, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX uq_products_sku ON products (sku) WHERE deleted_at IS NULL`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX uq_products_slug ON products (slug) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE coupons (
        id uuid NOT NULL,
        code text NOT NULL,
        description text,
        discount_basis_points integer,
        discount_amount_minor bigint,
        currency text NOT NULL,
        min_purchase_minor bigint,
        max_discount_minor bigint,
        valid_from timestamptz,
        valid_until timestamptz,
        usage_limit integer,
        usage_limit_per_user integer,
        usage_count integer NOT NULL DEFAULT 0,
        is_active boolean NOT NULL DEFAULT true,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_coupons PRIMARY KEY (id),
        CONSTRAINT ck_coupons_amounts CHECK (discount_amount_minor > 0 AND min_purchase_minor >= 0 AND max_discount_minor >= 0),
        CONSTRAINT ck_coupons_basis_points CHECK (discount_basis_points BETWEEN 1 AND 10000),
        CONSTRAINT ck_coupons_code CHECK (code ~ '^[A-Z0-9_-]{3,40}$'),
        CONSTRAINT ck_coupons_discount CHECK (num_nonnulls(discount_basis_points, discount_amount_minor) = 1),
        CONSTRAINT ck_coupons_limits CHECK (usage_limit >= 1 AND usage_limit_per_user >= 1),
        CONSTRAINT ck_coupons_usage_count CHECK (usage_count >= 0 AND usage_count <= usage_limit),
        CONSTRAINT ck_coupons_validity CHECK (valid_from < valid_until)
      )`);
    await queryRunner.query(`CREATE INDEX ix_coupons_created_at ON coupons (created_at, id)`);
    await queryRunner.query(`CREATE UNIQUE INDEX uq_coupons_code ON coupons (code) WHERE deleted_at IS NULL`);
    await queryRunner.query(`
      CREATE TABLE carts (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        currency text,
        coupon_id uuid,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_carts PRIMARY KEY (id),
        CONSTRAINT uq_carts_user_id UNIQUE (user_id),
        CONSTRAINT fk_carts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT fk_carts_coupon_id FOREIGN KEY (coupon_id) REFERENCES coupons (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_carts_coupon_id ON carts (coupon_id)`);
    await queryRunner.query(`
      CREATE TABLE cart_items (
        cart_id uuid NOT NULL,
        product_id uuid NOT NULL,
        quantity integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_cart_items PRIMARY KEY (cart_id, product_id),
        CONSTRAINT ck_cart_items_quantity CHECK (quantity BETWEEN 1 AND 999),
        CONSTRAINT fk_cart_items_cart_id FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
        CONSTRAINT fk_cart_items_product_id FOREIGN KEY (product_id) REFERENCES products (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_cart_items_product_id ON cart_items (product_id)`);
    await queryRunner.query(`
      CREATE TABLE orders (
        id uuid NOT NULL,
        number text NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        payment_method text NOT NULL,
        payment_status text NOT NULL DEFAULT 'unpaid',
        currency text NOT NULL,
        subtotal_minor bigint NOT NULL,
        discount_minor bigint NOT NULL,
        total_minor bigint NOT NULL,
        coupon_id uuid,
        coupon_code text,
        shipping_address jsonb NOT NULL,
        billing_address jsonb NOT NULL,
        tracking_number text,
        note text,
        customer_email text,
        cart_id uuid,
        cart_version integer,
        idempotency_key text,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_orders PRIMARY KEY (id),
        CONSTRAINT uq_orders_cart UNIQUE (cart_id, cart_version),
        CONSTRAINT uq_orders_number UNIQUE (number),
        CONSTRAINT ck_orders_cart CHECK ((cart_id IS NULL) = (cart_version IS NULL)),
        CONSTRAINT ck_orders_discount CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
        CONSTRAINT ck_orders_number CHECK (number ~ '^[A-Z0-9-]{4,24}$'),
        CONSTRAINT ck_orders_payment_method CHECK (payment_method IN ('credit_card', 'paypal', 'bank_transfer', 'cash_on_delivery')),
        CONSTRAINT ck_orders_payment_status CHECK (payment_status IN ('unpaid', 'paid', 'refunded')),
        CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
        CONSTRAINT ck_orders_total CHECK (total_minor = subtotal_minor - discount_minor),
        CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT fk_orders_coupon_id FOREIGN KEY (coupon_id) REFERENCES coupons (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_orders_coupon_id ON orders (coupon_id)`);
    await queryRunner.query(
      `CREATE INDEX ix_orders_created_at ON orders (created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_orders_status ON orders (status, created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX ix_orders_user_id ON orders (user_id, created_at, id) WHERE deleted_at IS NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE order_items (
        id uuid NOT NULL,
        order_id uuid NOT NULL,
        product_id uuid NOT NULL,
        position integer NOT NULL,
        sku text,
        name text NOT NULL,
        image_url text,
        unit_price_minor bigint NOT NULL,
        quantity integer NOT NULL,
        line_total_minor bigint NOT NULL,
        CONSTRAINT pk_order_items PRIMARY KEY (id),
        CONSTRAINT uq_order_items_product UNIQUE (order_id, product_id),
        CONSTRAINT ck_order_items_line_total CHECK (line_total_minor = unit_price_minor * quantity AND unit_price_minor >= 0),
        CONSTRAINT ck_order_items_quantity CHECK (quantity >= 1),
        CONSTRAINT fk_order_items_order_id FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT fk_order_items_product_id FOREIGN KEY (product_id) REFERENCES products (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_order_items_product_id ON order_items (product_id)`);
    await queryRunner.query(`
      CREATE TABLE order_events (
        id uuid NOT NULL,
        seq bigserial NOT NULL,
        order_id uuid NOT NULL,
        kind text NOT NULL,
        from_status text,
        to_status text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        by_user_id uuid,
        note text,
        CONSTRAINT pk_order_events PRIMARY KEY (id),
        CONSTRAINT uq_order_events_seq UNIQUE (seq),
        CONSTRAINT ck_order_events_kind CHECK (kind IN ('status', 'payment')),
        CONSTRAINT fk_order_events_order_id FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT fk_order_events_by_user_id FOREIGN KEY (by_user_id) REFERENCES users (id)
      )`);
    await queryRunner.query(`CREATE INDEX ix_order_events_order_id ON order_events (order_id, seq)`);
    await queryRunner.query(`
      CREATE TABLE stock_movements (
        id uuid NOT NULL,
        seq bigserial NOT NULL,
        product_id uuid NOT NULL,
        delta integer NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        stock integer NOT NULL,
        order_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_stock_movements PRIMARY KEY (id),
        CONSTRAINT uq_stock_movements_order UNIQUE (order_id, product_id, kind),
        CONSTRAINT uq_stock_movements_seq UNIQUE (seq),
        CONSTRAINT ck_stock_movements_delta CHECK (delta <> 0),
        CONSTRAINT ck_stock_movements_kind CHECK (kind IN ('initial', 'adjustment', 'edit', 'import', 'order', 'cancellation')),
        CONSTRAINT ck_stock_movements_order CHECK ((kind IN ('order', 'cancellation')) = (order_id IS NOT NULL)),
        CONSTRAINT ck_stock_movements_stock CHECK (stock >= 0),
        CONSTRAINT fk_stock_movements_product_id FOREIGN KEY (product_id) REFERENCES products (id),
        CONSTRAINT fk_stock_movements_order_id FOREIGN KEY (order_id) REFERENCES orders (id)
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_stock_movements_product_id ON stock_movements (product_id, seq)`,
    );
    await queryRunner.query(`
      CREATE TABLE coupon_redemptions (
        id uuid NOT NULL,
        coupon_id uuid NOT NULL,
        user_id uuid NOT NULL,
        order_id uuid NOT NULL,
        use_number integer NOT NULL,
        amount_minor bigint NOT NULL,
        currency text NOT NULL,
        redeemed_at timestamptz NOT NULL DEFAULT now(),
        cancelled_at timestamptz,
        CONSTRAINT pk_coupon_redemptions PRIMARY KEY (id),
        CONSTRAINT uq_coupon_redemptions_order_id UNIQUE (order_id),
        CONSTRAINT ck_coupon_redemptions_amount CHECK (amount_minor >= 0),
        CONSTRAINT ck_coupon_redemptions_use_number CHECK (use_number >= 1),
        CONSTRAINT fk_coupon_redemptions_coupon_id FOREIGN KEY (coupon_id) REFERENCES coupons (id),
        CONSTRAINT fk_coupon_redemptions_user_id FOREIGN KEY (user_id) REFERENCES users (id),
        CONSTRAINT fk_coupon_redemptions_order_id FOREIGN KEY (order_id) REFERENCES orders (id)
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_coupon_redemptions_coupon_id ON coupon_redemptions (coupon_id, redeemed_at, id)`,
    );
    await queryRunner.query(`CREATE INDEX ix_coupon_redemptions_user_id ON coupon_redemptions (user_id)`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX uq_coupon_redemptions_use ON coupon_redemptions (coupon_id, user_id, use_number) WHERE cancelled_at IS NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE idempotency_records (
        owner text NOT NULL,
        key text NOT NULL,
        request_hash bytea NOT NULL,
        answer json NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_records PRIMARY KEY (owner, key)
      )`);
    await queryRunner.query(
      `CREATE INDEX ix_idempotency_records_created_at ON idempotency_records (created_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE idempotency_records`);
    await queryRunner.query(`DROP TABLE coupon_redemptions`);
    await queryRunner.query(`DROP TABLE stock_movements`);
    await queryRunner.query(`DROP TABLE order_events`);
    await queryRunner.query(`DROP TABLE order_items`);
    await queryRunner.query(`DROP TABLE orders`);
    await queryRunner.query(`DROP TABLE cart_items`);
    await queryRunner.query(`DROP TABLE carts`);
    await queryRunner.query(`DROP TABLE coupons`);
    await queryRunner.query(`DROP TABLE products`);
    await queryRunner.query(`DROP TABLE categories`);
    await queryRunner.query(`DROP TABLE refresh_tokens`);
    await queryRunner.query(`DROP TABLE sessions`);
    await queryRunner.query(`DROP TABLE users`);
  }
}
