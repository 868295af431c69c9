import { Injectable } from '@nestjs/common';

/** Whether this instance is on its way out: readiness says 503 and answers ask clients to reconnect elsewhere. */
@Injectable()
export class Draining {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  begin(): void {
    this.begun = true;
  }
}
