import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const CHECK_MS = 10;

/**
 * The first request of a connection may still be on its way: so many checks find nothing before it is closed. Checks and
 * not milliseconds, as the process reads between two of them what has arrived, however busy it is.
 */
const UNUSED_CHECKS = 50;

/**
 * Closes the connections that are not in use while the server stops: it waits for all of them. Node itself closes
 * those that become idle after the listener is closed not before their time, and those that clients open ahead of a
 * first request not at all.
 */
@Injectable()
export class IdleConnections implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  /** How often each was found unused. */
  private readonly sockets = new Map<Socket, number>();
  private closing: NodeJS.Timeout | undefined;

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    this.server?.on('connection', (socket) => {
      this.sockets.set(socket, 0);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  onModuleDestroy(): void {
    this.closing = setInterval(() => {
      this.server?.closeIdleConnections();
      this.closeUnused();
    }, CHECK_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.closing);
  }

  private get server(): Server | undefined {
    return this.adapterHost.httpAdapter?.getHttpServer();
  }

  private closeUnused(): void {
    for (const [socket, checks] of this.sockets) {
      if (socket.bytesRead > 0) continue;
      this.sockets.set(socket, checks + 1);
      if (checks >= UNUSED_CHECKS) socket.destroy();
    }
  }
}
