import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds a word of eight letters by any two typos, also two swaps, a swap with another typo, and two letters that lack;
 * and a beginning of three letters no more by a fourth that is wrong: `sofa` is no soap.
 */
export class FindMoreTypos1795259700001 implements MigrationInterface {
  readonly name = 'FindMoreTypos1795259700001';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Words of the catalogue that are so many typos away, whole or as the beginning of a word, the nearest first: from
    // four letters on one, from eight on two. Swapped neighbours are one typo, of which levenshtein makes two; they are
    // also looked up as they should be, since they may leave no trigram. With other typos a word keeps more than a
    // tenth of its trigrams.
    await queryRunner.query(
      `CREATE OR REPLACE FUNCTION similar_words(wanted text, typos integer) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE
       SET pg_trgm.word_similarity_threshold = 0.1 AS $$
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
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE OR REPLACE FUNCTION similar_words(wanted text, typos integer) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE
       SET pg_trgm.word_similarity_threshold = 0.18 AS $$
         WITH spelt AS (
           SELECT wanted AS letters, typos AS budget
           UNION ALL
           SELECT left(wanted, i - 1) || substr(wanted, i + 1, 1) || substr(wanted, i, 1) || substr(wanted, i + 2), typos - 1
             FROM generate_series(1, length(wanted) - 1) i),
         near AS (
           SELECT word FROM search_words WHERE has_only_letters AND word %> wanted
           UNION
           SELECT begun.word FROM spelt CROSS JOIN LATERAL (
             SELECT word FROM search_words
              WHERE has_only_letters AND word >= letters AND word < letters || chr(1114111) ORDER BY word LIMIT 20) begun)
         SELECT word FROM near
          WHERE EXISTS (
            SELECT FROM spelt, generate_series(length(wanted) - typos, length(wanted) + typos) size
             WHERE levenshtein_less_equal(letters, left(word, size), budget) <= budget)
          ORDER BY levenshtein(wanted, word), word LIMIT 20 $$`,
    );
  }
}
