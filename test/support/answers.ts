import type { Answer, Json } from './api-client';

/** Expects a problem document with this status and code. */
export function expectProblem(answer: Answer<Json>, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
}

/** Expects 422 `validation_failed` that names this field. */
export function expectInvalid(answer: Answer<Json>, field: string): void {
  expectProblem(answer, 422, 'validation_failed');
  expect(answer.body.errors.map((error: Json) => error.field)).toContain(field);
}

/** How often each outcome came: `201`, or `409 insufficient_stock`. */
export function tally(answers: readonly Answer<Json>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = status < 400 ? String(status) : `${status} ${body.code}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** What `make` gives, so many times, all started at once. */
export function atOnce<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}
