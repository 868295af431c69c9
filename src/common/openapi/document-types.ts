import type { OpenAPIObject } from '@nestjs/swagger';

export type Components = NonNullable<OpenAPIObject['components']>;
export type Schemas = NonNullable<Components['schemas']>;
export type SchemaOrReference = Schemas[string];
export type Schema = Exclude<SchemaOrReference, { $ref: string }>;
export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
export type Answer = Exclude<Operation['responses'][string], { $ref: string } | undefined>;
