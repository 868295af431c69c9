import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DiskFileStore } from './disk-file-store';

describe('files on disk', () => {
  let directory: string;
  let store: DiskFileStore;

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'cartwright-files-'));
    store = new DiskFileStore(path.join(directory, 'data'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('come back as they were written, with their length', async () => {
    await store.write('images/1/a', Buffer.from('content'));
    const file = await store.open('images/1/a');
    expect(file?.length).toBe(7);
    expect(file && (await buffer(file.stream)).toString()).toBe('content');
  });

  it('leave no drafts, nor the directory of the last that is removed', async () => {
    await store.write('images/1/a', Buffer.from('a'));
    await store.write('images/1/b', Buffer.from('b'));
    expect(readdirSync(path.join(directory, 'data/images/1')).sort()).toEqual(['a', 'b']);
    await store.remove('images/1/a');
    expect(readdirSync(path.join(directory, 'data/images/1'))).toEqual(['b']);
    await store.remove('images/1/b');
    expect(existsSync(path.join(directory, 'data/images/1'))).toBe(false);
  });

  it('that are not there are not found, and removing them is no error', async () => {
    expect(await store.open('images/1/a')).toBeNull();
    await store.remove('images/1/a');
  });

  it('cannot be written where something is in the way, and leave no draft', async () => {
    await store.write('images/1/a', Buffer.from('a'));
    writeFileSync(path.join(directory, 'data/images/2'), '');
    await expect(store.write('images/2/a', Buffer.from('a'))).rejects.toThrow();
    await expect(store.write('images/1', Buffer.from('a'))).rejects.toThrow();
    expect(readdirSync(path.join(directory, 'data/images')).sort()).toEqual(['1', '2']);
    await expect(store.open('images/2/a')).rejects.toThrow();
  });
});
