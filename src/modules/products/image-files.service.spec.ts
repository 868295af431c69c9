import { availableParallelism } from 'node:os';
import { pino } from 'pino';
import sharp from 'sharp';
import type { FileStore } from '../../common/files/file-store';
import { ImageFilesService } from './image-files.service';

const QUEUE = 50;

describe('converting images', () => {
  it('lets no more wait than 50, and refuses the others at once', async () => {
    const keys: string[] = [];
    const store: FileStore = {
      write: async (key) => void keys.push(key),
      open: async () => null,
      remove: async () => undefined,
    };
    const files = new ImageFilesService(store, pino({ level: 'silent' }));
    const file = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const many = QUEUE + availableParallelism() + 20;
    const outcomes = await Promise.allSettled(Array.from({ length: many }, () => files.make(file)));
    const made = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(made).toBeGreaterThanOrEqual(QUEUE);
    expect(made).toBeLessThanOrEqual(QUEUE + availableParallelism());
    expect(outcomes).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'service_unavailable' }),
    });
    expect(keys).toHaveLength(3 * made);
  });
});
