import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { recordChange } from '../../common/audit/audit';
import { PersonalData } from '../../common/personal-data/personal-data';
import type { PersonalDataExport } from './dto/personal-data.response';
import { PasswordsService } from './passwords.service';
import { UsersService } from './users.service';

/** What people may do with the whole of their own account. */
@Injectable()
export class OwnAccountService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly personalData: PersonalData,
  ) {}

  /**
   * Erases the person, as an admin's delete does: every session ends and the e-mail is free again.
   * @throws DomainError `validation_failed` for a wrong password, `last_admin`
   */
  async close(userId: string, password: string): Promise<void> {
    await this.passwords.assertOwn(userId, password, 'password');
    await this.users.erase(userId, userId);
  }

  /** All that is kept about the person. Whoever holds the session takes it away, so the audit log tells of it. */
  async export(userId: string): Promise<PersonalDataExport> {
    const user = await this.users.getOwn(userId);
    const locale = await this.users.localeOf(userId);
    const sections = await this.personalData.export(userId);
    const parts = { user, locale, ...sections };
    await recordChange(
      { action: 'user.exported', id: userId, before: null, after: { parts: Object.keys(parts) } },
      this.dataSource.manager,
    );
    return { exportedAt: new Date().toISOString(), ...parts };
  }
}
