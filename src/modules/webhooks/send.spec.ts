import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Reply, send } from './send';

describe('sending', () => {
  let server: Server;
  let connections = 0;
  let answer: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  beforeEach(() => {
    connections = 0;
    answer = (_, response) => response.writeHead(202).end('Thanks');
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (
    host: string,
    allowLoopback: boolean,
    signal = new AbortController().signal,
  ): Promise<Reply> => {
    const { port } = server.address() as AddressInfo;
    const message = { url: `http://${host}:${port}/`, headers: { 'x-test': 'yes' }, body: '{"a":"ä"}' };
    return send(message, { allowLoopback, timeoutMs: 5_000, signal });
  };

  it.each(['localhost', '127.0.0.1', '[::ffff:127.0.0.1]'])(
    'does not so much as connect to %s where it is not allowed to',
    async (host) => {
      await expect(post(host, false)).rejects.toThrow(/not public/);
      expect(connections).toBe(0);
    },
  );

  it('posts the body with its headers, and tells the status, and when to come back', async () => {
    let seen: unknown[] = [];
    answer = ({ method, headers }, response) => {
      seen = [method, headers['x-test'], headers['content-length']];
      response.writeHead(418, { 'Retry-After': '5', 'X-Secret': 'no' }).end();
    };
    expect(await post('localhost', true)).toEqual({ status: 418, retryAfter: '5' });
    expect(seen).toEqual(['POST', 'yes', '10']);
  });

  it('is done when the answer has begun, and reads little of what goes on without end', async () => {
    let written = 0;
    const cutOff = new Promise((resolve) => {
      answer = (_, response) => {
        response.on('close', resolve);
        const pour = (): void => {
          while (!response.destroyed && response.write('x'.repeat(10_000))) written += 10_000;
          if (!response.destroyed) response.once('drain', pour);
        };
        pour();
      };
    });
    expect((await post('127.0.0.1', true)).status).toBe(200);
    await cutOff;
    expect(written).toBeLessThan(10_000_000);
  });

  it('ends when it is told to', async () => {
    const ending = new AbortController();
    answer = () => ending.abort();
    await expect(post('127.0.0.1', true, ending.signal)).rejects.toThrow(/abort/);
  });
});
