import { Presets, SingleBar } from 'cli-progress';

interface ProgressOptions {
  label: string;
  total: number;
  /** Off a terminal: a line every so many. */
  lineEvery: number;
  print: (line: string) => void;
}

interface Progress {
  update(done: number): void;
  stop(): void;
}

/** The progress of steps whose lines, off a terminal, are ten at most. */
export function startStep(print: (line: string) => void): (label: string, total: number) => Progress {
  return (label, total) =>
    startProgress({ label, total: Math.max(1, total), lineEvery: Math.max(1, Math.ceil(total / 10)), print });
}

/** Shows how far a long step has come: a bar on a terminal, lines elsewhere. */
export function startProgress({ label, total, lineEvery, print }: ProgressOptions): Progress {
  if (process.stderr.isTTY) return startBar(label, total);
  let printed = 0;
  const update = (done: number): void => {
    if (done < total && done - printed < lineEvery) return;
    printed = done;
    print(`${label}: ${Math.floor((done / total) * 100)} % (${done} of ${total})`);
  };
  return { update, stop: () => undefined };
}

function startBar(label: string, total: number): Progress {
  const format = `${label} {bar} {percentage} % | {value} of {total} | {duration_formatted}`;
  // Its own signal handler would swallow the first Ctrl-C.
  const bar = new SingleBar({ format, gracefulExit: false }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
