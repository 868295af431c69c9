import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, Response } from 'express';
import { sendProblem } from '../errors/problem.filter';
import type { AppRequest } from './app-request';

/** Answers for paths outside `/api`, of which Nest says nothing and Express would answer with a page of its own. */
@Injectable()
export class UnknownRoutes implements OnApplicationBootstrap {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** At bootstrap all routes are there, so this comes after them. */
  onApplicationBootstrap(): void {
    this.adapterHost.httpAdapter?.use((request: Request, response: Response) =>
      sendProblem(request as AppRequest, response, {
        status: 404,
        code: 'route_not_found',
        detail: 'There is no such route.',
      }),
    );
  }
}
