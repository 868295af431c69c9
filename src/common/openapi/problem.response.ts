export class FieldProblem {
  /** A JSON path such as `items[0].quantity`. */
  field: string;
  code: string;
  message: string;
}

/** An error (RFC 9457). Some codes add members of their own, such as `available` or `total`. */
export class ProblemResponse {
  type: string;
  title: string;
  status: number;
  /** Stable: what a program should look at. */
  code: string;
  /** What a person can read. */
  detail: string;
  instance: string;
  requestId: string;
  /** The fields that are not valid, at most 20. */
  errors?: FieldProblem[];
}
