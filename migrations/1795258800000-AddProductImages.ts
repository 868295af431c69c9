import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The pictures of products. */
export class AddProductImages1795258800000 implements MigrationInterface {
  readonly name = 'AddProductImages1795258800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Deferrable, so that it is checked once a statement has moved all the images that it moves. Its index serves
    // the lookup by product.
    await queryRunner.query(`
      CREATE TABLE product_images (
        id uuid NOT NULL,
        product_id uuid NOT NULL,
        position integer NOT NULL,
        alt text,
        width integer NOT NULL,
        height integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_product_images PRIMARY KEY (id),
        CONSTRAINT uq_product_images_position UNIQUE (product_id, position) DEFERRABLE INITIALLY IMMEDIATE,
        CONSTRAINT ck_product_images_position CHECK (position >= 0),
        CONSTRAINT ck_product_images_size CHECK (width > 0 AND height > 0),
        CONSTRAINT fk_product_images_product_id FOREIGN KEY (product_id) REFERENCES products (id)
      )`);
    await queryRunner.query(`
      CREATE TRIGGER product_images_raise_generation AFTER INSERT OR UPDATE OR DELETE ON product_images
        FOR EACH STATEMENT EXECUTE FUNCTION raise_cache_generation('catalogue')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE product_images`);
  }
}
