import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { isUuid } from '../http/path.pipes';
import { isCurrency } from '../money/currency';
import { MAX_AMOUNT } from '../money/money';
import { MAX_SLUG, SLUG_PATTERN } from '../text/slug';

/*
 * The OpenAPI plugin sees a property's type and description, but not into these decorators: so each of them
 * documents its limits itself.
 */

/** May be left out; null is refused. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** May be left out or null. */
export const Nullable = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined && value !== null);

/** Cuts white space off both ends before validation. */
export const Trim = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Text of at most `max` characters that is not blank, trimmed. */
export function Text(max: number, min = 1): PropertyDecorator {
  return applyDecorators(
    Trim(),
    IsString(),
    MinLength(min),
    MaxLength(max),
    ApiProperty({ minLength: min, maxLength: max }),
  );
}

/** Text of at most `max` characters, trimmed, which may be blank. */
export function Line(max: number): PropertyDecorator {
  return applyDecorators(Trim(), IsString(), MaxLength(max), ApiProperty({ maxLength: max }));
}

/** An amount in major units: 0 to 99,999,999.99. Its digits are checked against the currency later. */
export const Amount = (min = 0): PropertyDecorator =>
  applyDecorators(
    IsNumber({ allowNaN: false, allowInfinity: false }),
    Min(min),
    Max(MAX_AMOUNT),
    ApiProperty({ minimum: min, maximum: MAX_AMOUNT }),
  );

/** A whole number in a JSON body. */
export const WholeNumber = (min: number, max: number): PropertyDecorator =>
  applyDecorators(IsInt(), Min(min), Max(max), ApiProperty({ type: 'integer', minimum: min, maximum: max }));

/** A whole number in a query: plain decimal digits only, so no `0x10`, `1e1` or ` 1`. */
export function QueryInt(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => strictNumber(value, /^\d{1,15}$/)),
    WholeNumber(min, max),
  );
}

/** An amount in major units in a query: plain decimal notation only. */
export function QueryAmount(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => strictNumber(value, /^\d{1,9}(\.\d{1,4})?$/)),
    Amount(),
  );
}

function strictNumber(value: unknown, pattern: RegExp): unknown {
  return typeof value === 'string' && pattern.test(value) ? Number(value) : value;
}

/** `true` or `false` in a query. Nothing else is a boolean. */
export function QueryBoolean(): PropertyDecorator {
  const parse = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value);
  return applyDecorators(
    Transform(({ value }) => parse(value)),
    IsBoolean(),
  );
}

/** An instant in a query or body: RFC 3339 with a time zone. */
export function Instant(): PropertyDecorator {
  return applyDecorators(
    Trim(),
    Matches(
      /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
      {
        message: '$property must be an RFC 3339 time such as 2026-11-20T09:30:00.000Z',
      },
    ),
    IsISO8601({ strict: true }, { message: '$property must be a day that the calendar has' }),
    ApiProperty({ format: 'date-time' }),
  );
}

/** `sort=-createdAt,name`: known fields, each once, a leading `-` for descending. */
export function SortBy(...fields: string[]): PropertyDecorator {
  const split = (value: unknown): unknown => (typeof value === 'string' ? value.split(',') : value);
  const known = fields.flatMap((field) => [field, `-${field}`]);
  return applyDecorators(
    Transform(({ value }) => split(value)),
    IsIn(known, { each: true, message: `sort takes ${fields.join(', ')}, each with or without a leading -` }),
    ArrayUnique((term: unknown) => String(term).replace(/^-/, ''), { message: 'sort takes each field once' }),
    ApiProperty({ enum: known, isArray: true, uniqueItems: true }),
  );
}

/** true or false in a JSON body. */
export const Flag = (): PropertyDecorator => IsBoolean();

const MAX_SEARCH = 200;

/** What people type into a search box: at most 200 characters, trimmed. */
export const SearchText = (): PropertyDecorator => Line(MAX_SEARCH);

/** A URL name: words of lower-case letters and digits joined by hyphens, that is neither a route nor an id. */
export function SlugField(): PropertyDecorator {
  return applyDecorators(
    Trim(),
    IsString(),
    MaxLength(MAX_SLUG),
    Matches(SLUG_PATTERN, { message: 'slug takes lower-case letters and digits, joined by single hyphens' }),
    ApiProperty({ pattern: SLUG_PATTERN.source, maxLength: MAX_SLUG }),
  );
}

/** An ISO 4217 currency code. */
export const CurrencyField = (): PropertyDecorator =>
  applyDecorators(IsCurrency(), ApiProperty({ pattern: '^[A-Z]{3}$' }));

function IsCurrency(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isCurrency',
      target: target.constructor,
      propertyName: String(property),
      options: { message: '$property must be an ISO 4217 currency code' },
      validator: { validate: (value: unknown) => typeof value === 'string' && isCurrency(value) },
    });
  };
}

/** An id in a body or query: a UUID, in lower case. */
export function IdField(): PropertyDecorator {
  const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
  return applyDecorators(
    Transform(({ value }) => lower(value)),
    ValidateBy(
      {
        name: 'isUuid',
        validator: { validate: (value: unknown) => typeof value === 'string' && isUuid(value) },
      },
      { message: '$property must be a UUID' },
    ),
    ApiProperty({ format: 'uuid' }),
  );
}

/** An object of that class. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  applyDecorators(NoArray(), ValidateNested(), Type(type));

/** A list of objects of that class. */
export const NestedList = (type: () => new () => object): PropertyDecorator =>
  applyDecorators(IsArray(), NoArray({ each: true }), ValidateNested({ each: true }), Type(type));

/** `ValidateNested` takes an array where one object is due, and an empty one has nothing that it could refuse. */
function NoArray(options?: ValidationOptions): PropertyDecorator {
  const message = options?.each ? '$property must hold objects only' : '$property must be an object';
  return ValidateBy(
    { name: 'isObject', validator: { validate: (value: unknown) => !Array.isArray(value) } },
    { ...options, message },
  );
}
