import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors/domain-error';

/** Requests that are not over by then are long work; five seconds later the process ends. */
const LONG_WORK_MS = 10_000;

/** Whether this instance is on its way out: readiness says 503 and answers ask clients to reconnect elsewhere. */
@Injectable()
export class Draining {
  private begun = false;
  private holding: Promise<void> | null = null;
  private isLeaving = false;
  private readonly longWork = new AbortController();

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Tells long work to stop between two steps with a `service_unavailable`, before it is cut off in one. */
  get signal(): AbortSignal {
    return this.longWork.signal;
  }

  /** What new requests wait for before they are looked at; null when they need not. */
  get held(): Promise<void> | null {
    return this.holding;
  }

  /** Whether reads are handed back to a balancer that tries them elsewhere. */
  get handsReadsBack(): boolean {
    return this.isLeaving;
  }

  /**
   * Holds new requests back until the returned function is called.
   * @param isShared whether the port stays open, with other workers: a balancer is to go on with it
   */
  hold({ isShared = false } = {}): () => void {
    this.isLeaving = !isShared;
    let release = (): void => undefined;
    this.holding = new Promise((resolve) => (release = resolve));
    return () => {
      this.holding = null;
      release();
    };
  }

  begin(): void {
    this.begun = true;
    const reason = new DomainError('service_unavailable', 'The server restarts. Send the request again.');
    setTimeout(() => this.longWork.abort(reason), LONG_WORK_MS).unref();
  }
}
