import { Histogram } from './histogram.mjs';

/** Counts the answers: by operation, by second, and by what they said. It keeps no single request. */
export class Recorder {
  operations = new Map();
  seconds = [];
  /** Answers that were no success, by status and code: how often, and to which operations. */
  unsuccessful = new Map();
  all = new Histogram();
  counts = { succeeded: 0, refused: 0, failed: 0 };
  begun = null;
  duration = 0;
  isOver = false;

  begin() {
    this.begun = performance.now();
  }

  end() {
    this.duration = (performance.now() - this.begun) / 1_000;
    this.isOver = true;
  }

  add(operation, ms, { status, body }) {
    if (this.begun === null || this.isOver) return;
    const outcome = outcomeOf(status);
    this.counts[outcome] += 1;
    this.all.add(ms);
    const own = entry(this.operations, operation, () => ({
      times: new Histogram(),
      succeeded: 0,
      refused: 0,
      failed: 0,
    }));
    own[outcome] += 1;
    own.times.add(ms);
    const second = this.secondAt(Math.floor((performance.now() - this.begun) / 1_000));
    second[outcome] += 1;
    second.times.add(ms);
    if (outcome === 'succeeded') return;
    const what = entry(this.unsuccessful, `${status} ${body?.code ?? ''}`, () => ({
      status,
      code: body?.code ?? '',
      count: 0,
      operations: new Set(),
    }));
    what.count += 1;
    what.operations.add(operation);
  }

  secondAt(index) {
    while (this.seconds.length <= index)
      this.seconds.push({ succeeded: 0, refused: 0, failed: 0, times: new Histogram() });
    return this.seconds[index];
  }

  get total() {
    return this.all.count;
  }
}

/** A 4xx is the shop's word that it will not: no failure, but no success. */
function outcomeOf(status) {
  if (status >= 200 && status < 400) return 'succeeded';
  return status >= 400 && status < 500 ? 'refused' : 'failed';
}

function entry(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
