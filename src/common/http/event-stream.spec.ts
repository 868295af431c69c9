import { once } from 'node:events';
import net from 'node:net';
import { Controller, Get, type INestApplication, Res, type StreamableFile } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import { EventStream, sendEvents } from './event-stream';

const EVENT = { id: '1', event: 'news', data: { text: 'x'.repeat(100_000) } };

describe('a stream of events', () => {
  it('writes each event with its id, its name and its data on one line', () => {
    const stream = new EventStream();
    stream.send({ id: '7', event: 'news', data: { note: 'one\r\ntwo' } });
    stream.sendHeartbeat();
    stream.finish();
    stream.sendHeartbeat();
    stream.finish();
    expect(String(stream.read())).toMatch(
      /^retry: [23]\d{3}\n\nid: 7\nevent: news\ndata: {"note":"one\\r\\ntwo"}\n\n:\n\n$/,
    );
    expect(stream.read()).toBeNull();
  });

  it('keeps little for a client that does not read, and then cuts it off', () => {
    const stream = new EventStream();
    stream.send(EVENT);
    stream.send(EVENT);
    expect(stream.destroyed).toBe(false);
    stream.send(EVENT);
    stream.send(EVENT);
    expect(stream.destroyed).toBe(true);
  });
});

describe('a client that reads too slowly', () => {
  const stream = new EventStream();
  let app: INestApplication;

  @Controller('news')
  class NewsController {
    @Get()
    follow(@Res({ passthrough: true }) response: Response): StreamableFile {
      return sendEvents(stream, response);
    }
  }

  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [NewsController] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  it('loses its connection once that is full', async () => {
    const client = net.connect(app.getHttpServer().address().port, '127.0.0.1');
    client.write('GET /news HTTP/1.1\r\nHost: shop\r\n\r\n');
    await once(client, 'readable');
    let sent = 0;
    for (; !stream.destroyed && sent < 1_000; sent++) {
      stream.send(EVENT);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(1_000);
    client.resume();
    await once(client, 'close');
  });
});
