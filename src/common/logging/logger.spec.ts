import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createLogger, logDestination, MAX_WAITING } from './logger';

const read = promisify(fs.read);
const LINE_LENGTH = 1_000;

describe('the log, where nobody reads it', () => {
  let folder: string;
  let pipe: number;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartwright-log-'));
    const name = path.join(folder, 'pipe');
    execFileSync('mkfifo', [name]);
    // To read and to write, so that it opens without somebody at its other end.
    pipe = fs.openSync(name, 'r+');
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Reads from the pipe until so many lines have come. */
  async function lines(count: number): Promise<number[]> {
    const chunks: Buffer[] = [];
    for (let found = 0; found < count;) {
      const { bytesRead, buffer } = await read(pipe, { buffer: Buffer.alloc(65_536) });
      const chunk = buffer.subarray(0, bytesRead);
      found += chunk.toString('latin1').split('\n').length - 1;
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString().trimEnd();
    return text.split('\n').map((line) => (JSON.parse(line) as { n: number }).n);
  }

  it('keeps so much of it and no more, and writes on when somebody does', async () => {
    const destination = logDestination(pipe);
    const logger = createLogger('info', destination);
    let lost = 0;
    destination.on('drop', () => (lost += 1));
    const count = Math.ceil((2 * MAX_WAITING) / LINE_LENGTH);
    for (let n = 0; n < count; n++) logger.info({ n, filling: 'x'.repeat(LINE_LENGTH) });
    expect(lost).toBeGreaterThan(count / 3);
    const kept = await lines(count - lost);
    expect(kept).toEqual(kept.map((_, index) => index));
    logger.info({ n: -1 });
    expect(await lines(1)).toEqual([-1]);
    destination.end();
    await once(destination, 'close');
  });
});
