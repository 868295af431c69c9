import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { Cleaning } from '../../common/jobs/cleaning';
import { CartModule } from '../cart/cart.module';
import { UsersModule } from '../users/users.module';
import { AccountMailsService } from './account-mails.service';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { CredentialsController } from './credentials.controller';
import { CredentialsService } from './credentials.service';
import { JwtStrategy } from './jwt.strategy';
import { MailTokensService } from './mail-tokens.service';
import { SessionTokensService } from './session-tokens.service';
import { SessionsController } from './sessions.controller';
import { SessionsService } from './sessions.service';
import { SignInLimits } from './sign-in-limits';

@Module({
  imports: [PassportModule, UsersModule, CartModule],
  controllers: [AuthController, CredentialsController, SessionsController],
  providers: [
    AuthService,
    SessionTokensService,
    AccountMailsService,
    CredentialsService,
    SessionsService,
    MailTokensService,
    SignInLimits,
    JwtStrategy,
  ],
  exports: [JwtStrategy],
})
export class AuthModule {
  /** Sessions go with their refresh tokens. A revoked one stays until its time has come: its tokens are known until then. */
  constructor(cleaning: Cleaning) {
    for (const table of ['sessions', 'mail_tokens'])
      cleaning.remove(table, `expires_at < now() - interval '1 day'`);
  }
}
