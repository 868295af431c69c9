import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ClusterMessage, isClusterMessage } from '../common/cluster/messages';
import { slotArgument } from '../common/cluster/worker-slot';

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 30_000;
/** A worker that lived so long is no longer one that dies at its start. */
const STEADY_MS = 60_000;

interface FleetOptions {
  size: number;
  /** The file that each worker runs. */
  program: string;
  /** What a worker's settings have besides those of the primary. */
  settingsOf: (slot: number) => Record<string, string>;
  logger: Logger;
}

interface Member {
  slot: number;
  worker: Worker;
  startedAt: number;
  /** Its port, once it takes requests. Rejects when it ends before. */
  ready: Promise<number>;
  /** Its exit code; null when a signal killed it. */
  ended: Promise<number | null>;
}

/** The workers of this machine: each has its place, and when it is lost another takes it. */
export class Fleet {
  /** Whether all are told to stop. */
  isStopping = false;
  private readonly members = new Map<number, Member>();
  private readonly ready = new WeakSet<Worker>();
  /** How often the worker of a place was lost in a row. */
  private readonly losses = new Map<number, number>();
  private isStarted = false;
  private rolling: Promise<void> = Promise.resolve();

  constructor(private readonly options: FleetOptions) {}

  /** Starts one, and when that takes requests the others. @returns the port @throws Error when one of them ends */
  async start(): Promise<number> {
    const [first = 1, ...others] = this.slots;
    const port = await this.place(first).ready;
    if (this.isStopping) throw new Error('The workers were told to stop before all were there');
    await Promise.all(others.map((slot) => this.place(slot).ready));
    this.isStarted = true;
    return port;
  }

  /** Replaces the workers one by one: each goes when the one in its place takes requests. */
  roll(): Promise<void> {
    this.rolling = this.rolling.then(async () => {
      for (const slot of this.slots) if (!(await this.replace(slot))) return;
    });
    return this.rolling;
  }

  /** Tells all to stop, and waits for them. @returns whether each ended well that took requests */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const ended = workers.map(async (worker) => (await endOf(worker)) === 0 || !this.ready.has(worker));
    for (const worker of workers) worker.process.kill('SIGTERM');
    return (await Promise.all(ended)).every((isWell) => isWell);
  }

  private get slots(): number[] {
    return Array.from({ length: this.options.size }, (_, index) => index + 1);
  }

  private place(slot: number): Member {
    const member = this.fork(slot);
    this.members.set(slot, member);
    return member;
  }

  private fork(slot: number): Member {
    const { program, settingsOf, logger } = this.options;
    cluster.setupPrimary({ exec: program, args: [slotArgument(slot)] });
    const worker = cluster.fork(settingsOf(slot));
    const member = { slot, worker, startedAt: Date.now(), ready: readiness(worker), ended: endOf(worker) };
    const line = { worker: slot, pid: worker.process.pid };
    member.ready.then(
      () => {
        this.ready.add(worker);
        logger.info({ event: 'worker_ready', ...line });
      },
      () => undefined,
    );
    void member.ended.then((code) => this.onEnd(member, code));
    return member;
  }

  /** @returns whether it did; it does not when the new one does not come to take requests: the old one stays */
  private async replace(slot: number): Promise<boolean> {
    if (this.isStopping) return false;
    const next = this.fork(slot);
    try {
      await next.ready;
    } catch {
      this.options.logger.error({ event: 'worker_not_replaced', worker: slot });
      return false;
    }
    const former = this.members.get(slot);
    this.members.set(slot, next);
    if (former?.worker.isConnected()) former.worker.send({ cartwright: 'retire' } satisfies ClusterMessage);
    await former?.ended;
    return true;
  }

  private onEnd(member: Member, code: number | null): void {
    const { slot, startedAt } = member;
    if (this.members.get(slot) !== member || this.isStopping || !this.isStarted) return;
    const losses = Date.now() - startedAt > STEADY_MS ? 0 : (this.losses.get(slot) ?? 0);
    this.losses.set(slot, losses + 1);
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** losses, MAX_PAUSE_MS);
    this.options.logger.error({ event: 'worker_lost', worker: slot, code, pauseMs });
    void sleep(pauseMs).then(() => {
      if (this.members.get(slot) === member && !this.isStopping) this.place(slot);
    });
  }
}

function readiness(worker: Worker): Promise<number> {
  const ready = new Promise<number>((resolve, reject) => {
    worker.on('message', (message: unknown) => {
      if (isClusterMessage(message) && message.cartwright === 'ready') resolve(message.port);
    });
    worker.once('exit', () => reject(new Error('A worker ended before it took requests')));
  });
  ready.catch(() => undefined);
  return ready;
}

async function endOf(worker: Worker): Promise<number | null> {
  const [code] = (await once(worker, 'exit')) as [number | null];
  return code;
}
