import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client';
import type { BuiltServer } from './built-server';

const POLL_MS = 100;

/**
 * A load balancer of the plainest kind: it asks every instance whether it is ready, sends requests to those that are,
 * keeps connections, and sends nothing a second time.
 */
export class Balancer {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly ready = new Set<BuiltServer>();
  private readonly server = http.createServer((request, response) => this.pass(request, response));
  private isOpen = true;
  private turn = 0;

  private constructor(private readonly instances: readonly BuiltServer[]) {}

  static async before(...instances: readonly BuiltServer[]): Promise<Balancer> {
    const balancer = new Balancer(instances);
    await Promise.all(instances.map((instance) => balancer.ask(instance)));
    for (const instance of instances) void balancer.keepAsking(instance);
    balancer.server.listen(0, '127.0.0.1');
    await once(balancer.server, 'listening');
    return balancer;
  }

  get api(): ApiClient {
    const { port } = this.server.address() as AddressInfo;
    return new ApiClient(`http://127.0.0.1:${port}`);
  }

  /** Whether requests are sent to this instance. */
  uses(instance: BuiltServer): boolean {
    return this.ready.has(instance);
  }

  close(): void {
    this.isOpen = false;
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
  }

  private async keepAsking(instance: BuiltServer): Promise<void> {
    while (this.isOpen) {
      await this.ask(instance);
      await sleep(POLL_MS);
    }
  }

  private async ask(instance: BuiltServer): Promise<void> {
    if (await instance.isReady()) this.ready.add(instance);
    else this.ready.delete(instance);
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const ready = this.instances.filter((instance) => this.ready.has(instance));
    const chosen = ready[this.turn++ % ready.length];
    if (!chosen) return fail(response, 'no instance is ready');
    const { method, url, headers } = request;
    const options = { method, headers: { ...headers, connection: 'keep-alive' }, agent: this.agent };
    const passed = http.request(`${chosen.api.origin}${url}`, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
      answer.pipe(response);
    });
    passed.on('error', (error) => fail(response, error.message));
    request.pipe(passed);
  }
}

/** Whether the connection is kept is between neighbours. */
function withoutConnection(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(connection|keep-alive)$/.test(name)),
  );
}

function fail(response: http.ServerResponse, detail: string): void {
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(502, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ code: 'balancer', detail }));
}
