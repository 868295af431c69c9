import type { ParamDecoratorEnhancer } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

/** Lets a parameter decorator that reads a header also document it. */
export function documentHeader(
  name: string,
  description: string,
  schema: object = {},
): ParamDecoratorEnhancer {
  return (target, key) => {
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    const document = ApiHeader({ name, description, required: false, schema: { type: 'string', ...schema } });
    if (descriptor) document(target, key, descriptor);
  };
}
