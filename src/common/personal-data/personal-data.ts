import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

type Eraser = (userId: string, tx: EntityManager) => Promise<unknown>;
type Exporter = (userId: string) => Promise<unknown>;

/**
 * Where modules register how they forget a person, and what they know about one. The users module erases and
 * exports accounts without knowing who else holds personal data.
 */
@Injectable()
export class PersonalData {
  private readonly erasers: Eraser[] = [];
  private readonly exporters = new Map<string, Exporter>();

  onErase(eraser: Eraser): void {
    this.erasers.push(eraser);
  }

  /** @param section the name under which the module's part stands in the export */
  onExport(section: string, exporter: Exporter): void {
    this.exporters.set(section, exporter);
  }

  /**
   * Erases the person in every module, inside the caller's transaction. The floor registers first and comes last:
   * kept answers may be written until the things that they show are locked.
   */
  async erase(userId: string, tx: EntityManager): Promise<void> {
    for (const eraser of this.erasers.toReversed()) await eraser(userId, tx);
  }

  /** Everything that is kept about the person, a property a module. */
  async export(userId: string): Promise<Record<string, unknown>> {
    const sections: Record<string, unknown> = {};
    for (const [section, exporter] of this.exporters) sections[section] = await exporter(userId);
    return sections;
  }
}
