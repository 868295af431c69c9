import type { Answer, Components, Operation, SchemaOrReference, Schemas } from './document-types';

const integer = { type: 'integer' };
const string = { type: 'string' };

/** The headers of answers, by name. */
export const ANSWER_HEADERS: NonNullable<Components['headers']> = {
  'Cache-Control': {
    description: 'How long clients and shared caches may keep it; `private, no-store` for staff.',
    schema: string,
  },
  'Content-Disposition': { description: 'The name of the file.', schema: string },
  ETag: {
    description: 'Starts with the version: `"7"`, or `"7.x"` where something of others is shown.',
    schema: string,
  },
  'Idempotent-Replayed': {
    description: '`true` where this is the kept answer to the first request with the key.',
    schema: { type: 'string', enum: ['true'] },
  },
  Link: {
    description: 'The first, prev, next and last page, or the first and next one by cursor (RFC 8288).',
    schema: string,
  },
  Location: { description: 'The path of the new resource.', schema: string },
  'RateLimit-Limit': { description: 'Requests in a window, while limits are on.', schema: integer },
  'RateLimit-Remaining': { description: 'Requests that are left in this window.', schema: integer },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', schema: integer },
  'Retry-After': { description: 'Seconds after which to try again.', schema: integer },
  'WWW-Authenticate': { description: '`Bearer`.', schema: string },
  'X-Cache': {
    description: '`HIT` where the answer was kept, `MISS` where it was made; absent for staff.',
    schema: { type: 'string', enum: ['HIT', 'MISS'] },
  },
  'X-Request-Id': {
    description: 'Taken from the request, or made. It stands in every log line.',
    schema: string,
  },
};

/** Names the headers of each answer of an operation, and lets a read of JSON be conditional. */
export function addAnswerHeaders(operation: Operation, isRead: boolean, schemas: Schemas): void {
  if (isRead && answersJson(operation)) makeConditional(operation);
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!answer || '$ref' in answer) continue;
    const names = [
      ...ofStatus(Number(status)),
      ...ofContent(answer, schemas),
      ...ofOperation(operation, status),
    ];
    answer.headers = Object.fromEntries(
      [...new Set(names)].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
    );
  }
}

function ofOperation(operation: Operation, status: string): string[] {
  const isCached = 'x-cached' in operation && /^(200|304)$/.test(status);
  const isReplayable = takesHeader(operation, 'Idempotency-Key') && /^(2..|409|422)$/.test(status);
  return [
    ...(isCached ? ['ETag', 'Cache-Control', 'X-Cache'] : []),
    ...(isReplayable ? ['Idempotent-Replayed'] : []),
  ];
}

function answersJson({ responses }: Operation): boolean {
  const answer = responses[200];
  return answer !== undefined && 'content' in answer && 'application/json' in (answer.content ?? {});
}

function makeConditional(operation: Operation): void {
  const description = 'The ETag of what you have: when it still holds, the answer is 304 without a body.';
  operation.parameters = [
    ...(operation.parameters ?? []),
    { name: 'If-None-Match', in: 'header', required: false, description, schema: string },
  ];
  operation.responses[304] = { description: 'Not Modified' };
}

export function takesHeader({ parameters = [] }: Operation, header: string): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === header);
}

function ofStatus(status: number): string[] {
  const common = ['X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];
  if (status === 201) return [...common, 'Location'];
  if (status === 304) return [...common, 'ETag'];
  if (status === 401) return [...common, 'WWW-Authenticate'];
  return status === 429 || status === 503 ? [...common, 'Retry-After'] : common;
}

/** What has a version has an `ETag`, and so has a picture; what has a `meta` is a page. */
function ofContent({ content = {} }: Answer, schemas: Schemas): string[] {
  if (content['text/csv']) return ['Content-Disposition'];
  const isPicture = Object.keys(content).some((type) => type.startsWith('image/'));
  return isPicture ? ['ETag'] : ofSchema(content['application/json']?.schema, schemas);
}

function ofSchema(schema: SchemaOrReference | undefined, schemas: Schemas): string[] {
  const name = schema && '$ref' in schema ? schema.$ref.replace('#/components/schemas/', '') : '';
  const shown = schemas[name];
  if (!shown || '$ref' in shown || !shown.properties) return [];
  return [
    ...('version' in shown.properties ? ['ETag'] : []),
    ...('meta' in shown.properties ? ['Link'] : []),
  ];
}
