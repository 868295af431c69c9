import cliProgress from 'cli-progress';

const TICK_MS = 250;

/** A line that tells how it goes while it goes; where there is no terminal, a line every five seconds. */
export function startProgress(seconds, recorder) {
  const bar = new cliProgress.SingleBar({
    format:
      '[{bar}] {value}/{total} s | {rate} requests/s | p50 {p50} ms, p99 {p99} ms | {refused} refused, {failed} failed',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    barsize: 20,
  });
  const begun = Date.now();
  bar.start(seconds, 0, figures(recorder));
  const timer = setInterval(() => {
    bar.update(Math.min(seconds, Math.floor((Date.now() - begun) / 1_000)), figures(recorder));
  }, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      bar.update(seconds, figures(recorder));
      bar.stop();
    },
  };
}

/** The rate and times of the last whole second. */
function figures({ seconds, counts }) {
  const last = seconds.at(-2) ?? seconds.at(-1);
  const show = (ms) => (ms === null || ms === undefined ? '–' : ms.toFixed(ms < 10 ? 1 : 0));
  return {
    rate: last?.times.count ?? 0,
    p50: show(last?.times.percentile(0.5)),
    p99: show(last?.times.percentile(0.99)),
    refused: counts.refused,
    failed: counts.failed,
  };
}
