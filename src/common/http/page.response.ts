import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

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

/** Documents the `meta` of a list that has both modes. */
export function ListMeta(page: MetaClass = PageMeta, cursor: MetaClass = CursorMeta): PropertyDecorator {
  return applyDecorators(
    (target: object) => ApiExtraModels(page, cursor)(target.constructor),
    ApiProperty({ oneOf: [{ $ref: getSchemaPath(page) }, { $ref: getSchemaPath(cursor) }] }),
  );
}

type MetaClass = new () => PageMeta | CursorMeta;
