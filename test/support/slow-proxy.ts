import net from 'node:net';

/** A TCP proxy before a server that a test slows down, silences or exchanges. */
export class SlowProxy {
  /** Milliseconds by which each answer is late; infinite for never. */
  delayMs = 0;
  /** How often it has been sent something for the server. */
  asked = 0;
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly server: net.Server,
    private readonly origin: URL,
    private target = origin,
  ) {}

  static async before(url: string): Promise<SlowProxy> {
    const server = net.createServer();
    const proxy = new SlowProxy(server, new URL(url));
    server.on('connection', (client) => proxy.pass(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The server's, with the proxy in its place. */
  get url(): string {
    const address = this.server.address();
    const url = new URL(this.origin);
    url.host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    return url.href;
  }

  /** Ends all connections; new ones lead to this server. */
  leadTo(url: string): void {
    this.target = new URL(url);
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: net.Socket): void {
    const server = net.connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      const end = (): void => {
        for (const one of [client, server]) this.sockets.delete(one.destroy());
      };
      socket.on('error', end).on('close', end);
    }
    client.on('data', (bytes) => {
      this.asked += 1;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.delayMs === 0) client.write(bytes);
      else if (this.delayMs < Infinity) setTimeout(() => client.write(bytes), this.delayMs).unref();
    });
  }
}
