import cluster from 'node:cluster';

const ARGUMENT = 'worker=';

/** How the primary tells a worker which one it is, for whoever looks at the processes, too. */
export function slotArgument(slot: number): string {
  return `${ARGUMENT}${slot}`;
}

/** Which of the workers of this machine the process is, from 1; null where it is none. Who takes its place has its number. */
export function workerSlot(): number | null {
  if (!cluster.isWorker) return null;
  const argument = process.argv.find((one) => one.startsWith(ARGUMENT));
  return Number(argument?.slice(ARGUMENT.length) ?? 0);
}
