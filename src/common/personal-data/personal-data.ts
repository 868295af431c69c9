import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

type Eraser = (userId: string, tx: EntityManager) => Promise<void>;

/**
 * Where modules register how they forget a person. The users module erases accounts without knowing who
 * else holds personal data.
 */
@Injectable()
export class PersonalData {
  private readonly erasers: Eraser[] = [];

  onErase(eraser: Eraser): void {
    this.erasers.push(eraser);
  }

  /** Erases the person in every module, inside the caller's transaction. */
  async erase(userId: string, tx: EntityManager): Promise<void> {
    for (const eraser of this.erasers) await eraser(userId, tx);
  }
}
