import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes lists, search and caching fast: derived columns, the words of the catalogue, indexes, generations. */
export class AddCatalogueSearch1795257000000 implements MigrationInterface {
  readonly name = 'AddCatalogueSearch1795257000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [
      ...EXTENSIONS,
      ...TEXT,
      ...COLUMNS,
      ...WORDS,
      ...DERIVE,
      ...BACKFILL,
      ...INDEXES,
      ...GENERATIONS,
    ]) {
      await queryRunner.query(statement);
    }
  }

  /** Extensions stay: they may have been there before. */
  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const EXTENSIONS = ['unaccent', 'pg_trgm', 'fuzzystrmatch'].map(
  (name) => `CREATE EXTENSION IF NOT EXISTS ${name}`,
);

const TEXT = [
  // Words in lower case without accents, separated by single spaces. Apostrophes join (women's), all other signs
  // separate; from U+0900 to U+109F vowel signs are part of the word. Most text is ASCII, which is quick. 64 characters
  // of a word count.
  `CREATE FUNCTION search_text(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
     SELECT btrim(regexp_replace(
       CASE WHEN octet_length(value) = length(value)
         THEN regexp_replace(lower(replace(value, '''', '') COLLATE "C"), '[^a-z0-9]+' COLLATE "C", ' ', 'g') COLLATE "C"
         ELSE regexp_replace(
           lower(unaccent('unaccent', translate(normalize(value, NFKC), '''’', '')) COLLATE "und-x-icu"),
           '[^[:alnum:]\\u0900-\\u109f]+', ' ', 'g') COLLATE "C"
       END, '(\\S{64})\\S+', '\\1', 'g')) $$`,
  // Words as lexemes of a tsvector, all at one position, so that of a word that comes twice the best weight stays.
  `CREATE FUNCTION search_lexemes(words text, mark text, weight text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT CASE WHEN words <> ''
       THEN mark || replace(words, ' ', ':1' || weight || ' ' || mark) || ':1' || weight || ' ' ELSE '' END $$`,
  // Strings and numbers of the attributes, and the names of those that are true.
  `CREATE FUNCTION attributes_text(attributes jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT string_agg(CASE value WHEN 'true' THEN key WHEN 'false' THEN '' ELSE value END, ' ')
       FROM jsonb_each_text(attributes) $$`,
  // name and sku A, category B, attributes C, description D. Marked lexemes: /word is a word of the name, =sku the
  // whole sku, #id the category.
  `CREATE FUNCTION product_search(name text, sku text, category_id uuid, attributes jsonb, description text)
     RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT (search_lexemes(words.name, '', 'A') || search_lexemes(words.name, '/', 'A')
         || search_lexemes(words.sku, '', 'A')
         || coalesce('=' || left(replace(nullif(words.sku, ''), ' ', '-'), 64) || ':1A ', '')
         || coalesce('#' || category_id || ':1B ', '') || search_lexemes(words.attributes, '', 'C')
         || search_lexemes(words.description, '', 'D'))::tsvector
       FROM (SELECT search_text(name) AS name, search_text(sku) AS sku,
                    search_text(attributes_text(attributes)) AS attributes,
                    search_text(description) AS description) words $$`,
  // ISO 4217's currencies whose minor unit is not a hundredth. Prices in ten-thousandths of the major unit sort as
  // the numbers that are shown.
  `CREATE FUNCTION sortable_price(price_minor bigint, currency text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT price_minor * CASE
       WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND',
                         'VUV', 'XAF', 'XOF', 'XPF') THEN 10000
       WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 10
       WHEN currency IN ('CLF', 'UYW') THEN 1
       ELSE 100 END $$`,
];

const COLUMNS = [
  `ALTER TABLE products
     ADD COLUMN in_stock boolean NOT NULL DEFAULT false,
     ADD COLUMN sort_price bigint NOT NULL DEFAULT 0,
     ADD COLUMN sample smallint NOT NULL DEFAULT 0,
     ADD COLUMN search tsvector NOT NULL DEFAULT ''`,
  // With a quarter of each page free, a row whose stock changes stays on its page, and no index is written.
  `ALTER TABLE products SET (fillfactor = 75)`,
  // Names sort as people expect, not by code points.
  `DROP INDEX ix_products_name`,
  `ALTER TABLE products ALTER COLUMN name TYPE text COLLATE "und-x-icu"`,
  `ALTER TABLE categories ALTER COLUMN name TYPE text COLLATE "und-x-icu"`,
  `ALTER TABLE categories ADD COLUMN search text NOT NULL DEFAULT ''`,
];

const WORDS = [
  `CREATE TABLE search_words (
     word text COLLATE "C" NOT NULL,
     writer integer NOT NULL DEFAULT pg_backend_pid(),
     has_only_letters boolean NOT NULL,
     CONSTRAINT pk_search_words PRIMARY KEY (word, writer)
   )`,
  `CREATE INDEX ix_search_words_letters ON search_words USING gin (word gin_trgm_ops) WHERE has_only_letters`,
  // Writers that bring the same new word at the same time each keep it in a row of their own: nobody waits to see
  // whether the other one commits.
  `CREATE FUNCTION keep_search_words(words text[]) RETURNS void LANGUAGE sql AS $$
     INSERT INTO search_words (word, has_only_letters)
     SELECT DISTINCT given.word, given.word COLLATE "und-x-icu" ~ '^[[:alpha:]\\u0900-\\u109f]+$' FROM unnest(words) AS given (word)
      WHERE left(given.word, 1) NOT IN ('/', '#', '=')
        AND NOT EXISTS (SELECT FROM search_words known WHERE known.word = given.word)
     ON CONFLICT DO NOTHING $$`,
];

// Triggers find the functions beside them whatever the session's search_path is: that of a restored dump is empty.
const DERIVE = [
  `CREATE FUNCTION derive_product_numbers() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     NEW.in_stock := NEW.stock > 0;
     NEW.sort_price := sortable_price(NEW.price_minor, NEW.currency);
     NEW.sample := abs(uuid_hash_extended(NEW.id, 0) % 1000);
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER products_derive_numbers BEFORE INSERT OR UPDATE OF stock, price_minor, currency ON products
     FOR EACH ROW EXECUTE FUNCTION derive_product_numbers()`,
  `CREATE FUNCTION derive_product_search() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     NEW.search := product_search(NEW.name, NEW.sku, NEW.category_id, NEW.attributes, NEW.description);
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER products_derive_search BEFORE INSERT OR UPDATE OF name, sku, category_id, attributes, description
     ON products FOR EACH ROW EXECUTE FUNCTION derive_product_search()`,
  `CREATE FUNCTION keep_words_of_new_products() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     PERFORM keep_search_words(array_agg(DISTINCT word))
        FROM new_products, unnest(tsvector_to_array(search)) word;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER products_keep_new_words AFTER INSERT ON products REFERENCING NEW TABLE AS new_products
     FOR EACH STATEMENT EXECUTE FUNCTION keep_words_of_new_products()`,
  `CREATE FUNCTION keep_words_of_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     PERFORM keep_search_words(tsvector_to_array(NEW.search));
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER products_keep_words AFTER UPDATE OF name, sku, attributes, description ON products
     FOR EACH ROW WHEN (OLD.search IS DISTINCT FROM NEW.search) EXECUTE FUNCTION keep_words_of_product()`,
  `CREATE FUNCTION derive_category_search() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     NEW.search := search_text(NEW.name);
     PERFORM keep_search_words(string_to_array(NEW.search, ' '));
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER categories_derive_search BEFORE INSERT OR UPDATE OF name ON categories
     FOR EACH ROW EXECUTE FUNCTION derive_category_search()`,
  // Words of the catalogue that are so many typos away, whole or as the beginning of a word, the nearest first: from
  // four letters on one, from eight on two. Swapped neighbours are one typo, of which levenshtein makes two; they are
  // also looked up as they should be, since they may leave no trigram.
  `CREATE FUNCTION words_like(wanted text, typos integer) RETURNS SETOF text LANGUAGE sql STABLE AS $$
     WITH RECURSIVE spelt (letters, swaps) AS (
       SELECT wanted, 0
       UNION
       SELECT left(letters, i - 1) || substr(letters, i + 1, 1) || substr(letters, i, 1) || substr(letters, i + 2), swaps + 1
         FROM spelt, generate_series(1, length(wanted) - 1) i WHERE swaps < typos),
     near AS (
       SELECT word FROM search_words WHERE has_only_letters AND word %> wanted
       UNION
       SELECT begun.word FROM spelt CROSS JOIN LATERAL (
         SELECT word FROM search_words
          WHERE has_only_letters AND word >= letters AND word < letters || chr(1114111) ORDER BY word LIMIT 20) begun)
     SELECT word FROM near
      WHERE EXISTS (
        SELECT FROM generate_series(length(wanted) - typos, least(length(wanted) + typos, length(word))) size,
                    least(typos, greatest(length(wanted), size) / 4) allowed
         WHERE (size >= 4 OR size = length(word)) AND abs(size - length(wanted)) <= allowed
           AND levenshtein_less_equal(wanted, left(word, size), 2 * allowed) <= 2 * allowed
           AND EXISTS (
             SELECT FROM spelt WHERE swaps <= allowed
                AND levenshtein_less_equal(letters, left(word, size), allowed - swaps) <= allowed - swaps))
      ORDER BY (SELECT min(swaps + levenshtein(letters, word)) FROM spelt), word LIMIT 20 $$`,
  // With one typo a word keeps a fifth of its trigrams, with two more than a tenth: which costs five times as much to
  // look through, and is done where the fifth finds nothing.
  `CREATE FUNCTION similar_words(wanted text, typos integer) RETURNS SETOF text LANGUAGE plpgsql STABLE
   SET pg_trgm.word_similarity_threshold = 0.18 AS $$
   BEGIN
     RETURN QUERY SELECT * FROM words_like(wanted, typos);
     IF NOT FOUND AND typos > 1 THEN
       PERFORM set_config('pg_trgm.word_similarity_threshold', '0.1', true);
       RETURN QUERY SELECT * FROM words_like(wanted, typos);
     END IF;
   END $$`,
];

const BACKFILL = [`UPDATE categories SET name = name`, `UPDATE products SET name = name, stock = stock`];

const INDEXES = [
  `DROP INDEX ix_products_category_id`,
  `DROP INDEX ix_products_created_at`,
  `DROP INDEX ix_products_featured`,
  `DROP INDEX ix_products_price`,
  `CREATE INDEX ix_products_category_id ON products (category_id, status, created_at, id) WHERE deleted_at IS NULL`,
  // Also of deleted products, for the foreign key.
  `CREATE INDEX ix_products_category_price ON products (category_id, status, sort_price, id)`,
  `CREATE INDEX ix_products_created_at ON products (status, created_at, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_in_stock ON products (status, in_stock, created_at, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_featured ON products (status, created_at, id) WHERE featured AND deleted_at IS NULL`,
  `CREATE INDEX ix_products_price ON products (status, sort_price, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_currency_price ON products (status, currency, sort_price, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_name ON products (status, name, id) WHERE deleted_at IS NULL`,
  // Also for slugs that begin with another one, whatever the order of the database is.
  `DROP INDEX uq_products_slug`,
  `CREATE UNIQUE INDEX uq_products_slug ON products (slug text_pattern_ops) WHERE deleted_at IS NULL`,
  // With no condition that other indexes have, too: the planner does not combine such indexes.
  `CREATE INDEX ix_products_sample ON products (sample)`,
  // Searches read what waits to be sorted into the index, so that is kept short.
  `CREATE INDEX ix_products_search ON products USING gin (search) WITH (gin_pending_list_limit = 512)
     WHERE deleted_at IS NULL`,
];

const GENERATIONS = [
  `CREATE TABLE cache_generations (
     scope text NOT NULL,
     slot integer NOT NULL,
     value bigint NOT NULL,
     CONSTRAINT pk_cache_generations PRIMARY KEY (scope, slot)
   )`,
  `CREATE SEQUENCE cache_generation_slots AS integer CYCLE`,
  // Every change of a scope adds 1 to one of its rows, in the transaction of the change: their sum is a number that
  // no two states share. A row that another transaction holds is left alone, so that nobody waits.
  `CREATE FUNCTION raise_cache_generation() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
   BEGIN
     UPDATE cache_generations SET value = value + 1
      WHERE scope = TG_ARGV[0] AND slot = (
        SELECT slot FROM cache_generations WHERE scope = TG_ARGV[0] ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED);
     IF NOT FOUND THEN
       INSERT INTO cache_generations (scope, slot, value) VALUES (TG_ARGV[0], nextval('cache_generation_slots'), 1);
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER categories_raise_generation AFTER INSERT OR UPDATE OR DELETE ON categories
     FOR EACH STATEMENT EXECUTE FUNCTION raise_cache_generation('catalogue')`,
  `CREATE TRIGGER products_raise_generation AFTER INSERT OR DELETE OR UPDATE OF name, sku, slug, description,
       price_minor, compare_at_price_minor, currency, low_stock_threshold, category_id, image_url, featured, status,
       attributes, created_at, deleted_at ON products
     FOR EACH STATEMENT EXECUTE FUNCTION raise_cache_generation('catalogue')`,
  `CREATE TRIGGER products_raise_stock_generation AFTER UPDATE OF stock ON products
     FOR EACH STATEMENT EXECUTE FUNCTION raise_cache_generation('stock')`,
];

const DOWN = [
  `DROP INDEX uq_products_slug`,
  `CREATE UNIQUE INDEX uq_products_slug ON products (slug) WHERE deleted_at IS NULL`,
  `DROP TRIGGER products_raise_stock_generation ON products`,
  `DROP TRIGGER products_raise_generation ON products`,
  `DROP TRIGGER categories_raise_generation ON categories`,
  `DROP FUNCTION raise_cache_generation`,
  `DROP SEQUENCE cache_generation_slots`,
  `DROP TABLE cache_generations`,
  `DROP TRIGGER categories_derive_search ON categories`,
  `DROP TRIGGER products_keep_words ON products`,
  `DROP TRIGGER products_keep_new_words ON products`,
  `DROP TRIGGER products_derive_search ON products`,
  `DROP TRIGGER products_derive_numbers ON products`,
  `DROP FUNCTION similar_words, words_like, derive_category_search, keep_words_of_product, keep_words_of_new_products,
     derive_product_search, derive_product_numbers, keep_search_words`,
  `DROP TABLE search_words`,
  `ALTER TABLE products RESET (fillfactor)`,
  `ALTER TABLE products DROP COLUMN search, DROP COLUMN sample, DROP COLUMN sort_price, DROP COLUMN in_stock`,
  `DROP INDEX ix_products_category_id`,
  `DROP INDEX ix_products_created_at`,
  `DROP INDEX ix_products_featured`,
  `DROP INDEX IF EXISTS ix_products_name`,
  `ALTER TABLE categories DROP COLUMN search`,
  `ALTER TABLE products ALTER COLUMN name TYPE text COLLATE "default"`,
  `ALTER TABLE categories ALTER COLUMN name TYPE text COLLATE "default"`,
  `DROP FUNCTION product_search, attributes_text, search_lexemes, search_text, sortable_price`,
  `CREATE INDEX ix_products_category_id ON products (category_id, created_at, id)`,
  `CREATE INDEX ix_products_created_at ON products (created_at, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_featured ON products (created_at, id)
     WHERE featured AND status = 'active' AND deleted_at IS NULL`,
  `CREATE INDEX ix_products_name ON products (name, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX ix_products_price ON products (currency, price_minor, id) WHERE deleted_at IS NULL`,
];
