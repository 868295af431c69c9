import type { Operation, Schema, SchemaOrReference, Schemas } from './document-types';

/** A word means the same everywhere in the shop, so that the format of a property follows from its name. */
const FORMATS: { type: string; names: RegExp; says: Partial<Schema> }[] = [
  { type: 'string', names: /^(id|by|(?!request)\w+Id)$/, says: { format: 'uuid' } },
  { type: 'string', names: /^(at|\w+At|validFrom|validUntil)$/, says: { format: 'date-time' } },
  {
    type: 'number',
    names: /^(page|limit|totalItems|totalPages|status|expiresIn)$/,
    says: { type: 'integer' },
  },
  {
    type: 'number',
    names: /^(version|position|stock|delta|quantity|requested|available)$/,
    says: { type: 'integer' },
  },
  { type: 'number', names: /^(lowStockThreshold|\w+Count|usageLimit\w*)$/, says: { type: 'integer' } },
];

const NULL: Schema = { type: 'string', nullable: true, enum: [null] };

/** Says of every schema what the types of TypeScript cannot. */
export function completeSchemas(schemas: Schemas): void {
  for (const [name, schema] of Object.entries(schemas)) {
    if ('$ref' in schema) continue;
    for (const [property, value] of Object.entries(schema.properties ?? {})) {
      if (!('$ref' in value)) completeSchema(property, value);
    }
    if (name.endsWith('Dto')) schema.additionalProperties = false;
  }
}

/** Path ids are UUIDs; a list in a query is one value with commas, since a repeated parameter is refused. */
export function completeParameters({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if ('$ref' in parameter || !parameter.schema || '$ref' in parameter.schema) continue;
    completeSchema(parameter.name, parameter.schema);
    if (parameter.schema.type === 'array') Object.assign(parameter, { style: 'form', explode: false });
  }
}

function completeSchema(name: string, schema: Schema): void {
  if (schema.nullable && schema.allOf) allowNull(schema, schema.allOf);
  if (schema.format || schema.enum || schema.maxLength) return;
  Object.assign(schema, FORMATS.find(({ type, names }) => schema.type === type && names.test(name))?.says);
}

/** `nullable` beside a reference does not reach into it: strictly read, null would be refused. */
function allowNull(schema: Schema, referenced: SchemaOrReference[]): void {
  Object.assign(schema, {
    anyOf: [...referenced, NULL],
    allOf: undefined,
    type: undefined,
    nullable: undefined,
  });
}
