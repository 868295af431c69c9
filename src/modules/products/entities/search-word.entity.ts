import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A word of the catalogue, kept by triggers: what the beginning of a word may become, and what a misspelt one was meant to be. */
@Entity('search_words')
@Index('ix_search_words_letters', { synchronize: false })
export class SearchWord {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  word: string;

  /** Whose row it is of those who brought the word at the same time: a process of the database. */
  @PrimaryColumn({ type: 'integer', default: () => 'pg_backend_pid()' })
  writer: number;

  /** Numbers and codes are not taken for misspelt words. */
  @Column('boolean')
  hasOnlyLetters: boolean;
}
