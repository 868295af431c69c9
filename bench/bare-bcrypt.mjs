/* Compares passwords with bcrypt and does nothing else: `node bench/bare-bcrypt.mjs COST SECONDS`. Prints how many a second. */
import bcrypt from 'bcrypt';
import os from 'node:os';

const [cost, seconds] = process.argv.slice(2).map(Number);
const hash = await bcrypt.hash('a long passphrase', cost);
const begun = performance.now();
let done = 0;
const work = async () => {
  while (performance.now() - begun < seconds * 1000) {
    await bcrypt.compare('a long passphrase', hash);
    done++;
  }
};
await Promise.all(Array.from({ length: os.availableParallelism() }, work));
process.stdout.write(`${(done * 1000) / (performance.now() - begun)}\n`);
