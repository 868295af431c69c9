import type { EntityManager } from 'typeorm';
import { SqlFilter } from '../../../common/database/sql';
import { SUGGESTION_COLUMNS, type SuggestionRow } from '../product-view';
import { CHECKED, INDEXED, nameQuery } from './search-query';
import { findSearchTerms, type SearchWord, withSimilarWords } from './search-words';

const MAX_SUGGESTIONS = 10;

/** What is typed often is in one of the newest products in stock, so these are looked at first. */
const RECENT = 1_000;

/** For several words the index compares all their products; where some of the newest have them, more of these are looked at first. */
const MORE_RECENT = 10_000;

/** Of more matches than this, any will do. */
const MAX_MATCHES = 1_000;

/** Products whose name has the words that are being typed, those first whose name begins with them. At most seven statements. */
export async function suggestProducts(q: string, db: EntityManager): Promise<SuggestionRow[]> {
  const terms = await findSearchTerms(q, db);
  if (!terms || terms.words.length === 0) return [];
  const exact = await findByName(terms.text, terms.words, db);
  if (exact.length > 0) return exact;
  // There is nothing else to suggest: any of the words may be misspelt, also those that the catalogue has.
  const similar = await withSimilarWords(terms, db, () => true);
  return similar ? findByName(terms.text, similar.words, db) : [];
}

async function findByName(
  text: string,
  words: readonly SearchWord[],
  db: EntityManager,
): Promise<SuggestionRow[]> {
  const recent = await readRecent(RECENT, text, words, db);
  if (recent.length === MAX_SUGGESTIONS) return recent;
  if (words.length > 1 && recent.length > 0) {
    const more = await readRecent(MORE_RECENT, text, words, db);
    if (more.length === MAX_SUGGESTIONS) return more;
  }
  return readIndexed(text, words, db);
}

function readRecent(
  count: number,
  text: string,
  words: readonly SearchWord[],
  db: EntityManager,
): Promise<SuggestionRow[]> {
  const filter = new SqlFilter().add(CHECKED, nameQuery(words, 'prefix'));
  const source = `(SELECT * FROM products WHERE status = 'active' AND deleted_at IS NULL
    ORDER BY status DESC, in_stock DESC, created_at DESC, id DESC LIMIT ${count}) p ${filter.where}`;
  return readBest(source, filter, text, db);
}

function readIndexed(
  text: string,
  words: readonly SearchWord[],
  db: EntityManager,
): Promise<SuggestionRow[]> {
  const filter = new SqlFilter().add(`p.status = 'active' AND p.deleted_at IS NULL`);
  // Each word by itself: one query of them all the index would go through word by word for each product of any.
  for (const word of words) filter.add(INDEXED, nameQuery([word], 'named'));
  const source = `(SELECT * FROM products p ${filter.where} LIMIT ${MAX_MATCHES}) p`;
  return readBest(source, filter, text, db);
}

function readBest(
  source: string,
  filter: SqlFilter,
  text: string,
  db: EntityManager,
): Promise<SuggestionRow[]> {
  return db.query<SuggestionRow[]>(
    `SELECT ${SUGGESTION_COLUMNS} FROM (SELECT p.* FROM ${source}
      ORDER BY starts_with(lower(p.name), ${filter.parameter(text)}) DESC, p.in_stock DESC, p.created_at DESC, p.id DESC
      LIMIT ${MAX_SUGGESTIONS}) p`,
    filter.parameters,
  );
}
