import type { Problem } from './problem';

const PROBLEMS = {
  body_too_large: { status: 413, detail: 'The body is larger than 100 kB.' },
  unsupported_media_type: {
    status: 415,
    detail: 'Send the body as application/json in UTF-8, uncompressed.',
  },
} as const;

/** A refusal that only HTTP knows: the body's size or type. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  /** @param detail for a route whose limit or type is its own */
  constructor(
    private readonly code: keyof typeof PROBLEMS,
    detail: string = PROBLEMS[code].detail,
  ) {
    super(detail);
  }

  toProblem(): Problem {
    return { ...PROBLEMS[this.code], code: this.code, detail: this.message };
  }
}
