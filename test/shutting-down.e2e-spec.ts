import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Draining } from '../src/common/http/draining';
import { Listener } from '../src/common/http/listener';
import { startTestApp, type TestApp } from './support/app';

describe('an instance that shuts down', () => {
  let test: TestApp;

  beforeEach(async () => {
    test = await startTestApp();
  });

  /** A connection that a client opens, and sends its request on later. */
  async function connect(): Promise<{ get: (header?: string) => Promise<string> }> {
    const socket = net.connect(Number(new URL(test.api.origin).port), '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const answer = new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (data) => (text += String(data))).once('close', () => resolve(text));
      socket.once('error', reject);
    });
    const get = (header = 'Connection: close'): Promise<string> => {
      socket.write(`GET /health HTTP/1.1\r\nHost: shop\r\n${header}\r\n\r\n`);
      return answer;
    };
    return { get };
  }

  it('answers on connections that are opened while it waits for something else', async () => {
    let finish = (): void => undefined;
    const work = new Promise<void>((resolve) => (finish = resolve));
    jest.spyOn(test.app.get(Listener), 'beforeApplicationShutdown').mockReturnValue(work);
    const closed = test.close();
    await sleep(700);
    const connection = await connect();
    await sleep(50);
    expect(await connection.get()).toContain('200 OK');
    finish();
    await closed;
  });

  it('holds its last answers back until the listener is closed, and then gives them', async () => {
    test.app.get(Draining).begin();
    const closing = test.app.get(Listener).close();
    const answers = Array.from({ length: 5 }, async () => (await connect()).get());
    const first = await Promise.race([...answers, closing.then(() => 'the listener is closed')]);
    expect(first).toBe('the listener is closed');
    for (const answer of answers) expect(await answer).toContain('200 OK');
    await expect(connect()).rejects.toThrow('ECONNREFUSED');
    await test.close();
  });

  it('hands reads back to a balancer that tries them elsewhere, until it is left alone', async () => {
    test.app.get(Draining).begin();
    let isClosed = false;
    const closing = test.app.get(Listener).close();
    void closing.then(() => (isClosed = true));
    for (let n = 0; n < 5; n++) {
      expect(await (await connect()).get('X-Balancer-Retries: reads')).toBe('');
      await sleep(100);
    }
    expect(isClosed).toBe(false);
    await closing;
    await test.close();
  });
});
