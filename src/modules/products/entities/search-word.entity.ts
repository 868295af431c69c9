import { Entity, Index, PrimaryColumn } from 'typeorm';

/** A word of the catalogue, kept by triggers, so that misspelt words find what was meant. */
@Entity('search_words')
@Index('ix_search_words_word', { synchronize: false })
export class SearchWord {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  word: string;
}
