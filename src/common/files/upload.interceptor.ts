import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { MulterError } from 'multer';
import type { Observable } from 'rxjs';
import { DomainError, type FieldError, invalid, invalidFields } from '../errors/domain-error';
import { HttpProblem } from '../errors/http-problem';
import type { AppRequest } from '../http/app-request';
import { TakesBody } from '../http/takes-body.decorator';
import { assertHarmless } from '../validation/hostile-input';

const MULTIPART = 'multipart/form-data';

/** What a form may hold besides its file: as much as a JSON body. */
const REST_LIMIT_BYTES = 100_000;
const MAX_FIELDS = 100;
/** One more than is taken, so that the one too many can be named. */
const MAX_FILES = 2;

const LIMITS = {
  files: MAX_FILES,
  fields: MAX_FIELDS,
  parts: MAX_FIELDS + MAX_FILES,
  fieldSize: 10_000,
  fieldNameSize: 500,
  fieldNestingDepth: 0,
  headerPairs: 20,
};

/** A client that sends more than we take gets this long to read that, before its connection is cut. */
const CUT_AFTER_MS = 1_000;

/** The one file of a form. Its name and the type that it claims are no proof of anything, so they are left out. */
export interface UploadedContent {
  buffer: Buffer;
}

/**
 * A route that takes a form with just one file: `@UploadedFile()` is its content, `@Body()` are the text fields.
 * The form is read into memory, after the guards.
 */
export const TakesUpload = (field: string, maxBytes: number): MethodDecorator =>
  applyDecorators(TakesBody(MULTIPART), UseInterceptors(new UploadInterceptor(field, maxBytes)));

class UploadInterceptor implements NestInterceptor {
  private readonly multer: NestInterceptor;
  private readonly maxFormBytes: number;

  constructor(
    private readonly field: string,
    private readonly maxBytes: number,
  ) {
    const Multer = FileInterceptor(field, { limits: { ...LIMITS, fileSize: maxBytes } });
    this.multer = new Multer();
    this.maxFormBytes = maxBytes + REST_LIMIT_BYTES;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    if (Number(request.headers['content-length']) > this.maxFormBytes) {
      cutLater(request, context.switchToHttp().getResponse<Response>());
      throw this.tooLarge();
    }
    const handled = await Promise.race([this.read(context, next), this.overflow(request)]);
    finishForm(request, this.field);
    return handled;
  }

  private async read(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    try {
      return await this.multer.intercept(context, next);
    } catch (error) {
      throw this.toProblem(error);
    }
  }

  /** Past a limit multer reads to the end before it complains, which a client may put off for ever. */
  private overflow(request: AppRequest): Promise<never> {
    return new Promise((_, reject) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= 2 * this.maxFormBytes) return;
        destroyLater(request);
        reject(this.tooLarge());
      });
    });
  }

  /** What multer says, in our words. What it has no code for is a form that ended early or never was one. */
  private toProblem(error: unknown): Error {
    const { code, field = '' } = multerErrorOf(error);
    switch (code) {
      case 'LIMIT_FILE_SIZE':
        return this.tooLarge();
      case 'LIMIT_FIELD_VALUE':
        return invalid(field, 'max_length', `${field} is too long.`);
      case 'LIMIT_UNEXPECTED_FILE':
        return invalidFields([field === this.field ? repeated(field) : unknown(field)]);
      case 'LIMIT_FILE_COUNT':
        return invalidFields([repeated(this.field)]);
      case 'LIMIT_FIELD_NESTING':
      case 'INVALID_FIELD_NAME':
        return invalidFields([unknown(field)]);
      default:
        return new DomainError(
          'malformed_request',
          'The form cannot be read, or it ended before it was whole.',
        );
    }
  }

  private tooLarge(): HttpProblem {
    return new HttpProblem('body_too_large', `The file is larger than ${this.maxBytes / 1e6} MB.`);
  }
}

function cutLater(request: AppRequest, response: Response): void {
  const cut = (): void => {
    if (!request.complete) request.destroy();
  };
  response.once('finish', () => setTimeout(cut, CUT_AFTER_MS).unref());
}

/** Nest's reader destroys the connection as soon as the answer is out: a client that still sends would never read it. */
function destroyLater(request: AppRequest): void {
  const destroy = request.destroy.bind(request);
  request.destroy = (error?: Error) => {
    setTimeout(() => destroy(error), CUT_AFTER_MS).unref();
    return request;
  };
}

/** Nest hands on what multer threw as the cause of an exception of its own. */
function multerErrorOf(error: unknown): Pick<MulterError, 'field'> & { code?: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null ? cause : {};
}

/**
 * Checks the text fields as those of a JSON body are checked, and puts them in the order of their names, so that
 * a retry is known again.
 */
function finishForm(request: AppRequest, field: string): void {
  const entries = Object.entries((request.body ?? {}) as Record<string, unknown>);
  const body = Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  assertHarmless(body);
  const errors = entries.flatMap(([name, value]) => fieldErrors(name, value));
  if (!request.file) errors.unshift({ field, code: 'required', message: `${field} is required.` });
  if (errors.length > 0) throw invalidFields(errors);
  request.body = body;
}

/** Bytes that are no UTF-8 arrive as the replacement character. */
function fieldErrors(name: string, value: unknown): FieldError[] {
  if (typeof value !== 'string') return [repeated(name)];
  if (!value.includes('\uFFFD')) return [];
  return [{ field: name, code: 'invalid_text', message: `${name} must be text in UTF-8.` }];
}

function repeated(field: string): FieldError {
  return { field, code: 'repeated', message: `${field} is given more than once.` };
}

function unknown(field: string): FieldError {
  return { field, code: 'unknown_property', message: `${field} is not a known property.` };
}
