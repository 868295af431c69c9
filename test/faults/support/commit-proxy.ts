import { once } from 'node:events';
import net from 'node:net';

/** When a connection is cut: COMMIT has not reached the server, or the server's answer has not reached the client. */
export type CutMoment = 'before' | 'after';

/** Decides for a transaction that placed an order, as its COMMIT comes by. */
type Decision = () => CutMoment | null;

/** A start-up message has no type before its length. */
const LENGTH_BYTES = 4;
const TYPE_BYTES = 1;

/** A TCP proxy before PostgreSQL that cuts connections exactly at the COMMIT of orders. */
export class CommitProxy {
  /** Asked at each COMMIT of an order. */
  onCommit: Decision = () => null;
  /** How often it has cut. */
  readonly cuts = { before: 0, after: 0 };
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly server: net.Server,
    private readonly target: URL,
  ) {}

  static async before(url: string): Promise<CommitProxy> {
    const server = net.createServer();
    const proxy = new CommitProxy(server, new URL(url));
    server.on('connection', (client) => proxy.pass(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The server's, with the proxy in its place. */
  get url(): string {
    const { port } = this.server.address() as net.AddressInfo;
    const url = new URL(this.target);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  }

  /** Cuts at the next COMMIT of an order, and no later one. */
  cutNext(moment: CutMoment): void {
    this.onCommit = () => {
      this.onCommit = () => null;
      return moment;
    };
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: net.Socket): void {
    const server = net.connect(Number(this.target.port), this.target.hostname);
    const cut = (): void => {
      for (const socket of [client, server]) this.sockets.delete(socket.destroy());
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay().on('error', cut).on('close', cut);
    }
    const order = new OrderWatch();
    let awaitsCommit = false;
    client.on('data', (bytes) => {
      if (!order.commitsIn(bytes)) return void server.write(bytes);
      const moment = this.onCommit();
      if (moment) this.cuts[moment] += 1;
      if (moment === 'before') return cut();
      awaitsCommit = moment === 'after';
      server.write(bytes);
    });
    // The first that comes back after a COMMIT says that it is done.
    server.on('data', (bytes) => (awaitsCommit ? cut() : client.write(bytes)));
  }
}

/** Reads what a client sends, message by message, as far as to see that a transaction which placed an order commits. */
class OrderWatch {
  private rest: Buffer = Buffer.alloc(0);
  private hasStarted = false;
  private hasOrder = false;
  /** The names of prepared statements that place orders; the one without a name is another each time. */
  private readonly prepared = new Set<string>();

  /** Whether these bytes complete the COMMIT of an order. */
  commitsIn(bytes: Buffer): boolean {
    this.rest = Buffer.concat([this.rest, bytes]);
    let commits = false;
    for (let message = this.take(); message; message = this.take()) commits = this.see(message) || commits;
    return commits;
  }

  private take(): Buffer | null {
    const head = this.hasStarted ? TYPE_BYTES : 0;
    if (this.rest.length < head + LENGTH_BYTES) return null;
    const end = head + this.rest.readInt32BE(head);
    if (this.rest.length < end) return null;
    const message = this.rest.subarray(0, end);
    this.rest = this.rest.subarray(end);
    this.hasStarted = true;
    return message;
  }

  private see(message: Buffer): boolean {
    const type = message.toString('latin1', 0, TYPE_BYTES);
    const [first = '', second = ''] = message.toString('latin1', TYPE_BYTES + LENGTH_BYTES).split('\0', 2);
    if (type === 'P') this.prepare(first, second);
    if (type === 'B' && this.prepared.has(second)) this.hasOrder = true;
    if (type !== 'Q' || !/^(COMMIT|ROLLBACK)$/.test(first)) return false;
    const commits = this.hasOrder && first === 'COMMIT';
    this.hasOrder = false;
    return commits;
  }

  private prepare(name: string, sql: string): void {
    if (/\bINSERT INTO orders\b/.test(sql)) this.prepared.add(name);
    else this.prepared.delete(name);
  }
}
