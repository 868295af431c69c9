import { applyDecorators } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_KINDS, type ErrorCode } from '../errors/error-codes';
import { STATUS_OF, TITLES } from '../errors/problem';
import { ProblemResponse } from './problem.response';

/** Documents the refusals that are a route's own. Those that any route may give are added to all (see openapi.ts). */
export function Problems(...codes: ErrorCode[]): MethodDecorator {
  const statusOf = (code: ErrorCode): number => STATUS_OF[ERROR_KINDS[code]];
  const statuses = [...new Set(codes.map(statusOf))];
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse(
        problemAnswer(
          status,
          codes.filter((code) => statusOf(code) === status),
        ),
      ),
    ),
  );
}

/** Like {@link Problems}, for codes that come with another status than usual. */
export function ProblemsOf(status: number, ...codes: ErrorCode[]): MethodDecorator {
  return ApiResponse(problemAnswer(status, codes));
}

/** An error answer for the OpenAPI document. */
export function problemAnswer(status: number, codes: readonly string[]): ProblemAnswer {
  return {
    status,
    description: `${TITLES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
  };
}

interface ProblemAnswer {
  status: number;
  description: string;
  content: Record<string, { schema: { $ref: string } }>;
}
