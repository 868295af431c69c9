import type { ClientConfig } from 'pg';
import { together } from '../common/database/together';
import { PreparingClient } from './preparing-client';

/** What TypeORM sends around the work of a transaction, and whose answers say nothing. */
const MARK = /^(START TRANSACTION|(RELEASE )?SAVEPOINT typeorm_\d+)$/;

/**
 * Sends statements without waiting for the answers to those before, in the order in which they are asked for; PostgreSQL
 * runs them one after the other, each with what is committed by then. A round trip costs more than most statements, so
 * what belongs together goes out together: all that is asked for in one turn of the event loop is one write, and the
 * marks of a transaction wait for the statement that follows them. Should a mark fail, that statement does.
 */
export class PipeliningClient extends PreparingClient {
  private readonly marks: string[] = [];
  private isGathering = false;

  constructor(options?: ClientConfig) {
    super({ ...options, pipeline: true });
    const send = this.query.bind(this) as (...args: unknown[]) => unknown;
    const pipeline = (text: unknown, ...rest: unknown[]): unknown => {
      if (typeof text === 'string' && MARK.test(text)) return this.hold(text);
      this.gather();
      const marked = this.marks.splice(0).map((mark) => send(mark));
      const sent = send(text, ...rest);
      return marked.length === 0 ? sent : together([...marked, sent]).then((answers) => answers.at(-1));
    };
    this.query = pipeline as typeof this.query;
  }

  private hold(mark: string): Promise<void> {
    this.marks.push(mark);
    return Promise.resolve();
  }

  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }
}
