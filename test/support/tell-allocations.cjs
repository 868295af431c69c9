/*
 * Preloaded into a program: on each SIGUSR2 a line in its log says how many bytes it allocated in the heap of JavaScript
 * since the last one, whatever was collected meanwhile. V8 takes samples and estimates the sum from them.
 */
const { Session } = require('node:inspector');

const SAMPLING = {
  samplingInterval: 8192,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};

const session = new Session();
session.connect();
session.post('HeapProfiler.startSampling', SAMPLING);

process.on('SIGUSR2', () => {
  session.post('HeapProfiler.stopSampling', (error, result) => {
    if (error) throw error;
    process.stdout.write(`${JSON.stringify({ event: 'allocated', bytes: sizeOf(result.profile.head) })}\n`);
  });
  session.post('HeapProfiler.startSampling', SAMPLING);
});

function sizeOf({ selfSize, children }) {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
