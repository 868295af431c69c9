import type { EntityManager } from 'typeorm';
import { SqlFilter } from '../../../common/database/sql';
import { SUGGESTION_COLUMNS, type SuggestionRow } from '../product-view';
import { CHECKED, INDEXED, nameQuery } from './search-query';
import { findSearchTerms, type SearchWord, withSimilarWords } from './search-words';

const MAX_SUGGESTIONS = 10;

/** What is typed often is in one of the newest products in stock, so these are looked at first. */
const RECENT = 1_000;

/** Of more matches than this, any will do. */
const MAX_MATCHES = 1_000;

/** Products whose name has the words that are being typed, those first whose name begins with them. At most five statements. */
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
  const recent = await readRecent(text, words, db);
  return recent.length === MAX_SUGGESTIONS ? recent : readIndexed(text, words, db);
}

function readRecent(text: string, words: readonly SearchWord[], db: EntityManager): Promise<SuggestionRow[]> {
  const filter = new SqlFilter().add(CHECKED, nameQuery(words, 'prefix'));
  const source = `(SELECT * FROM products WHERE status = 'active' AND deleted_at IS NULL
    ORDER BY status DESC, in_stock DESC, created_at DESC, id DESC LIMIT ${RECENT}) p ${filter.where}`;
  return readBest(source, filter, text, db);
}

function readIndexed(
  text: string,
  words: readonly SearchWord[],
  db: EntityManager,
): Promise<SuggestionRow[]> {
  const filter = new SqlFilter()
    .add(`p.status = 'active' AND p.deleted_at IS NULL`)
    .add(INDEXED, nameQuery(words, 'named'));
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
