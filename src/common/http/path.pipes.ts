import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { DomainError } from '../errors/domain-error';
import { MAX_SLUG } from '../text/slug';
import { assertText } from '../validation/hostile-input';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** A path id, in lower case. @throws DomainError `malformed_id` for what is no UUID */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isUuid(value)) throw new DomainError('malformed_id', 'The id in the path is not a UUID.');
    return value.toLowerCase();
  }
}

/** A path part that is an id or a slug. */
@Injectable()
export class IdOrSlugPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    assertText(value, 'id');
    return value;
  }
}

/** Documents a path part that is an id or a slug. */
export const ApiIdOrSlug = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id or the slug.',
    schema: { type: 'string', maxLength: MAX_SLUG },
  });
