import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type AppRequest, requestPath, requestQuery } from './app-request';
import { ETAG, LOCATION } from './http.decorators';
import { isPage } from './page.response';
import { pageLinks } from './pagination';

type FromBody = (body: unknown, request: AppRequest) => string;

/** Sets the headers that follow from the answer: `ETag`, `Location` and `Link`. */
@Injectable()
export class HeadersInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const handler = context.getHandler();
    const tagOf = this.reflector.get<FromBody | undefined>(ETAG, handler);
    const pathOf = this.reflector.get<FromBody | undefined>(LOCATION, handler);
    return next.handle().pipe(
      map((body: unknown) => {
        if (tagOf) response.setHeader('ETag', tagOf(body, request));
        if (pathOf) response.setHeader('Location', `/api${pathOf(body, request)}`);
        if (isPage(body)) response.setHeader('Link', pageLinks(urlOf(request), body.meta));
        return body;
      }),
    );
  }
}

function urlOf(request: AppRequest): string {
  return `${requestPath(request)}?${requestQuery(request).toString()}`;
}
