/** Where a page stands in its list. */
export class PageMeta {
  /** This page, from 1. */
  page: number;
  /** Rows a page at the most. */
  limit: number;
  /** Rows that the filters leave. */
  totalItems: number;
  /** Pages that the filters leave. */
  totalPages: number;
}

/** A page of a list. */
export interface Page<T> {
  data: T[];
  meta: PageMeta;
}
