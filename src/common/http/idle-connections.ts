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

/** The first request of a connection may still be on its way. */
const UNUSED_MS = 500;

/**
 * Closes the connections that are not in use while the server stops: it waits for all of them. Node itself closes
 * those that become idle after the listener is closed not before their time, and those that clients open ahead of a
 * first request not at all.
 */
@Injectable()
export class IdleConnections implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly sockets = new Set<Socket>();
  private closing: NodeJS.Timeout | undefined;

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    this.server?.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  onModuleDestroy(): void {
    const begun = Date.now();
    this.closing = setInterval(() => {
      this.server?.closeIdleConnections();
      if (Date.now() - begun >= UNUSED_MS) this.closeUnused();
    }, CHECK_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.closing);
  }

  private get server(): Server | undefined {
    return this.adapterHost.httpAdapter?.getHttpServer();
  }

  private closeUnused(): void {
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
