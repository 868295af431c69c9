import fs from 'node:fs';

/** Linux counts in hundredths of a second. */
const TICKS = 100;

/** Seconds of the processor that a process has used, and the bytes that it holds; null where there is no /proc. */
export function usageOf(pid) {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const [, rss] = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, bytes: Number(rss) * 1024 };
  } catch {
    return null;
  }
}

/** Watches a process until it is told to stop: the share of one core that it used, and the most memory that it held. */
export function watch(pid) {
  let first = usageOf(pid);
  let begun = performance.now();
  let bytes = first?.bytes ?? 0;
  const timer = setInterval(() => (bytes = Math.max(bytes, usageOf(pid)?.bytes ?? 0)), 200);
  return {
    restart: () => {
      first = usageOf(pid);
      begun = performance.now();
    },
    stop: () => {
      clearInterval(timer);
      const last = usageOf(pid);
      if (!first || !last) return { cpu: null, megabytes: null };
      const seconds = (performance.now() - begun) / 1000;
      return {
        cpu: (last.cpuSeconds - first.cpuSeconds) / seconds,
        megabytes: Math.max(bytes, last.bytes) / 1e6,
      };
    },
  };
}
