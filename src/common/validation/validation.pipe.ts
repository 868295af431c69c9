import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type DomainError, type FieldError, invalidFields } from '../errors/domain-error';

/** Validates bodies and queries; unknown properties are refused. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: true },
    exceptionFactory: toDomainError,
  });
}

function toDomainError(errors: ValidationError[]): DomainError {
  return invalidFields(errors.flatMap((error) => flatten(error, '')));
}

function flatten(error: ValidationError, parent: string): FieldError[] {
  const field = join(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    field,
    code: codeOf(constraint, error.value),
    message: messageOf(constraint, error.value, field) ?? `${message.replace(error.property, field)}.`,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, field))];
}

/** `items` and `0` make `items[0]`; `items[0]` and `quantity` make `items[0].quantity`. */
function join(parent: string, property: string): string {
  if (parent === '') return property;
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function codeOf(constraint: string, value: unknown): string {
  if (constraint === 'whitelistValidation') return 'unknown_property';
  if (value === undefined) return 'required';
  if (constraint === 'nestedValidation') return 'is_object';
  return constraint.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toLowerCase();
}

function messageOf(constraint: string, value: unknown, field: string): string | undefined {
  if (constraint === 'whitelistValidation') return `${field} is not a known property.`;
  if (value === undefined) return `${field} is required.`;
  return constraint === 'nestedValidation' ? `${field} must be an object.` : undefined;
}
