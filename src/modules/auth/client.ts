import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AppRequest } from '../../common/http/app-request';
import { localeOf } from '../../common/locale/locale';

/** The device that signs in. */
export interface Client {
  ip: string | null;
  userAgent: string | null;
  /** How its user reads amounts and dates, as BCP 47 has it; null when it does not say. */
  locale: string | null;
}

/** Who signs in, from where, and the guest cart that comes along. */
export interface Visit {
  client: Client;
  cartToken: string | undefined;
}

export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): Client => {
  const request = context.switchToHttp().getRequest<AppRequest>();
  return {
    ip: request.ip ?? null,
    userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
    locale: localeOf(request.acceptsLanguages()),
  };
});

/** The token behind `Bearer`, whatever it is. */
export const BearerToken = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const { authorization } = context.switchToHttp().getRequest<AppRequest>().headers;
    return authorization?.match(/^Bearer (\S+)$/i)?.[1];
  },
);

export const IGNORES_ACCESS_TOKEN = 'ignores-access-token';

/** The Bearer token of this route is no access token: the guard leaves it alone. */
export const IgnoresAccessToken = (): MethodDecorator => SetMetadata(IGNORES_ACCESS_TOKEN, true);
