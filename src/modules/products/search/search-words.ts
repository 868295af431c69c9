import type { EntityManager } from 'typeorm';

/** How well the products of a search fit: every word, every word as it may have been meant, or some of them. */
export type Match = 'all' | 'similar' | 'some';

/** A word of a search, and what else stands for it. */
export interface SearchWord {
  word: string;
  /** Whether it may be the beginning of a word. */
  isPrefix: boolean;
  /** The words of the catalogue that begin with it; null when they are too many to be named. */
  begun: readonly string[] | null;
  /** Whether it says something: not when it begins very many words, or is in none. */
  isTelling: boolean;
  /** Ids of the categories whose name has the word. */
  categories: readonly string[];
  /** Words of the catalogue that it may be a misspelling of. */
  similar: readonly string[];
}

export interface SearchTerms {
  /** All that was typed, in the form in which words are compared. */
  text: string;
  words: readonly SearchWord[];
}

/** Letters from which what was typed may have one typo, and two: a word of eight that lacks two has six. */
const ONE_TYPO_FROM = 4;
const TWO_TYPOS_FROM = 6;

/** Bounds what one search can cost: words past these are left out, and so are further categories of a word. */
const MAX_WORDS = 12;
const MAX_CATEGORIES = 100;
/** Each costs as much as a page: who writes five words wrong, or one so long, finds what the others find. */
const MAX_RESPELT = 4;
const MAX_RESPELT_LETTERS = 32;
const MAX_BEGUN = 300;
const MAX_TELLING = 50;

interface WordRow {
  text: string;
  word: string;
  isPrefix: boolean;
  begun: string[];
  categories: string[];
}

/**
 * The words of a search, each once; null for one that has none. One letter begins too many words to be a beginning,
 * unless it is the last that was typed. One statement.
 */
export async function findSearchTerms(q: string | undefined, db: EntityManager): Promise<SearchTerms | null> {
  if (q === undefined || q.trim() === '') return null;
  const rows = await db.query<WordRow[]>(
    `SELECT part.text, part.word, part.is_prefix AS "isPrefix", ARRAY(
         SELECT known.word FROM search_words known
          WHERE known.word >= part.word AND known.word < part.word || chr(1114111)
          ORDER BY known.word LIMIT ${MAX_BEGUN + 1}) AS begun, ARRAY(
         SELECT c.id FROM categories c
          WHERE strpos(' ' || c.search || ' ', ' ' || part.word || CASE WHEN part.is_prefix THEN '' ELSE ' ' END) > 0
          ORDER BY c.id LIMIT ${MAX_CATEGORIES}) AS categories
       FROM (
         SELECT text, word, bool_or(length(word) > 1 OR is_last) AS is_prefix, min(position) AS position
           FROM (
             SELECT text, left(word, 64) AS word, position, position = count(*) OVER () AS is_last
               FROM search_text($1) text, string_to_table(text, ' ') WITH ORDINALITY typed (word, position)) typed
          GROUP BY text, word) part
      ORDER BY part.position LIMIT ${MAX_WORDS}`,
    [q],
  );
  return { text: rows[0]?.text ?? '', words: rows.map(toWord) };
}

function toWord({ word, isPrefix, begun, categories }: WordRow): SearchWord {
  const isKnown = categories.length > 0 || (isPrefix ? begun.length > 0 : begun[0] === word);
  return {
    word,
    isPrefix,
    begun: begun.length > MAX_BEGUN ? null : begun,
    isTelling: isKnown && (!isPrefix || begun.length <= MAX_TELLING),
    categories,
    similar: [],
  };
}

interface SimilarRow {
  word: string;
  meant: string[];
  categories: string[] | null;
}

/**
 * Adds the words that each may be a misspelling of; null where there is none. Of several words those that the catalogue
 * has mean themselves: who looks for `lego star wars` wants no cars. One statement.
 * @param isMisspelt which words may be misspelt, where that is known already
 * @param most for so many words, those first that the catalogue has not
 */
export async function withSimilarWords(
  { text, words }: SearchTerms,
  db: EntityManager,
  isMisspelt: (word: SearchWord, index: number) => boolean = (word) => words.length === 1 || !isKnown(word),
  most = MAX_RESPELT,
): Promise<SearchTerms | null> {
  const respelt = words
    .filter((word, index) => isMisspelt(word, index) && typosIn(word.word) > 0)
    .toSorted((left, right) => Number(isKnown(left)) - Number(isKnown(right)))
    .slice(0, most);
  const typos = words.map((word) => (respelt.includes(word) ? typosIn(word.word) : 0));
  if (typos.every((count) => count === 0)) return null;
  const rows = await db.query<SimilarRow[]>(
    `SELECT typed.word, array_agg(DISTINCT meant.word) AS meant,
            array_agg(DISTINCT c.id) FILTER (WHERE c.id IS NOT NULL) AS categories
       FROM unnest($1::text[], $2::int[]) AS typed (word, typos)
      CROSS JOIN LATERAL similar_words(typed.word, typed.typos) AS meant (word)
       LEFT JOIN categories c ON meant.word = ANY (string_to_array(c.search, ' '))
      WHERE typed.typos > 0 GROUP BY typed.word`,
    [words.map(({ word }) => word), typos],
  );
  if (rows.length === 0) return null;
  const found = new Map(rows.map((row) => [row.word, row]));
  return { text, words: words.map((word) => extended(word, found.get(word.word))) };
}

/** Whether it is a word of the catalogue, or begins very many. */
function isKnown({ word, begun }: SearchWord): boolean {
  return begun === null || begun.includes(word);
}

function typosIn(word: string): number {
  if (/\p{N}/u.test(word)) return 0;
  const letters = [...word].length;
  if (letters > MAX_RESPELT_LETTERS) return 0;
  return letters >= TWO_TYPOS_FROM ? 2 : letters >= ONE_TYPO_FROM ? 1 : 0;
}

function extended(word: SearchWord, found: SimilarRow | undefined): SearchWord {
  if (!found) return word;
  const categories = [...new Set([...word.categories, ...(found.categories ?? [])])].slice(0, MAX_CATEGORIES);
  return { ...word, isTelling: true, similar: found.meant, categories };
}
