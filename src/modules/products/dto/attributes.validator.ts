import { registerDecorator } from 'class-validator';

export const MAX_ATTRIBUTES = 50;
export const MAX_NAME = 100;
export const MAX_TEXT = 1_000;

/** A flat object of at most 50 strings, numbers and booleans. */
export function isFlatAttributes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_ATTRIBUTES &&
    entries.every(([name, attribute]) => isName(name) && isScalar(attribute))
  );
}

function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= MAX_NAME;
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

export function FlatAttributes(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'flatAttributes',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: `$property must be a flat object of at most ${MAX_ATTRIBUTES} strings, numbers and booleans`,
      },
      validator: { validate: isFlatAttributes },
    });
  };
}
