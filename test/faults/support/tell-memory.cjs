/*
 * Loaded into the server before everything else: on SIGUSR2 it collects its garbage, and says in a line of the log what
 * it still holds, in bytes.
 */
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What is held only by finalizers goes with a second collection, after they have run.
  collect();
  setTimeout(() => {
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ event: 'memory', heapUsed, external, rss })}\n`);
  }, 100);
});
