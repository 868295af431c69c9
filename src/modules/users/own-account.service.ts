import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../common/personal-data/personal-data';
import type { PersonalDataExport } from './dto/personal-data.response';
import { PasswordsService } from './passwords.service';
import { UsersService } from './users.service';

/** What people may do with the whole of their own account. */
@Injectable()
export class OwnAccountService {
  constructor(
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

  /** All that is kept about the person. */
  async export(userId: string): Promise<PersonalDataExport> {
    const user = await this.users.getOwn(userId);
    const locale = await this.users.localeOf(userId);
    const sections = await this.personalData.export(userId);
    return { exportedAt: new Date().toISOString(), user, locale, ...sections };
  }
}
