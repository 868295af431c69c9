/** Buckets that are two percent wide: what is read from them is as exact as that, at any size. */
const WIDTH = Math.log(1.02);

/** Counts durations without keeping them. */
export class Histogram {
  buckets = new Map();
  count = 0;
  max = 0;

  add(ms) {
    const bucket = Math.ceil(Math.log(Math.max(ms, 0.01)) / WIDTH);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
    this.count += 1;
    this.max = Math.max(this.max, ms);
  }

  /** Milliseconds that a share of the durations did not exceed; null of none. */
  percentile(share) {
    const wanted = Math.ceil(share * this.count);
    let passed = 0;
    for (const bucket of [...this.buckets.keys()].sort((a, b) => a - b)) {
      passed += this.buckets.get(bucket);
      if (passed >= wanted) return Math.min(Math.exp(bucket * WIDTH), this.max);
    }
    return null;
  }
}
