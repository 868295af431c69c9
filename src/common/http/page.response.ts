import { ApiProperty } from '@nestjs/swagger';

/** Where a numbered page stands in its list. */
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

/** Where a page stands that was asked for by `cursor`. */
export class CursorMeta {
  /** Rows a page at the most. */
  limit: number;
  /** The `cursor` of the next page; null at the end. */
  nextCursor: string | null;
}

/** A numbered page of a list. */
export interface Page<T> {
  data: T[];
  meta: PageMeta;
}

/** A page of a list in either mode. */
export interface ListPage<T> {
  data: T[];
  meta: PageMeta | CursorMeta;
}

/** Whether a route answers with a page of a list. */
export function isPage(body: unknown): body is ListPage<unknown> {
  if (typeof body !== 'object' || body === null || !('meta' in body)) return false;
  return typeof body.meta === 'object' && body.meta !== null && 'limit' in body.meta;
}

/** Where a page stands in its list. Which fields there are depends on how it was asked for. */
export class ListMetaSchema {
  /** Rows a page at the most. */
  limit: number;
  /** With `page`: this page, from 1. */
  page?: number;
  /** With `page`: rows that the filters leave. */
  totalItems?: number;
  /** With `page`: pages that the filters leave. */
  totalPages?: number;
  /** With `cursor`: the cursor of the next page; null at the end. */
  nextCursor?: string | null;
}

/** Documents the `meta` of a list that is paged in both ways, as one schema: clients in other languages get one type. */
export const ListMeta = (schema: new () => ListMetaSchema = ListMetaSchema): PropertyDecorator =>
  ApiProperty({ type: () => schema });
