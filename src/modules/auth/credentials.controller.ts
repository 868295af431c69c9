import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Limit } from '../../common/limits/limit.decorator';
import { ProblemsOf } from '../../common/openapi/problems.decorator';
import { AccountMailsService } from './account-mails.service';
import { CredentialsService } from './credentials.service';
import { ChangePasswordDto, ForgotPasswordDto, MailTokenDto, ResetPasswordDto } from './dto/credentials.dto';

@ApiTags('Auth')
@Controller('auth')
export class CredentialsController {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly mails: AccountMailsService,
  ) {}

  /** Changes one's own password. Every other session ends. */
  @Post('change-password')
  @HttpCode(204)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('password')
  changePassword(@Body() dto: ChangePasswordDto, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.credentials.changePassword(user, dto);
  }

  /** Mails a one-time token for a new password, if there is such an account. The answer is the same if not. */
  @Post('forgot-password')
  @HttpCode(202)
  @Public()
  @Limit('signIn')
  forgotPassword(@Body() { email }: ForgotPasswordDto): Promise<void> {
    return this.mails.sendPasswordReset(email);
  }

  /** Sets a new password with a mailed token. Every session ends. */
  @Post('reset-password')
  @HttpCode(204)
  @Public()
  @Limit('signIn')
  @ProblemsOf(422, 'invalid_token')
  resetPassword(@Body() dto: ResetPasswordDto): Promise<void> {
    return this.credentials.resetPassword(dto);
  }

  /** Confirms an e-mail with a mailed token. */
  @Post('verify-email')
  @HttpCode(204)
  @Public()
  @Limit('signIn')
  @ProblemsOf(422, 'invalid_token')
  verifyEmail(@Body() { token }: MailTokenDto): Promise<void> {
    return this.credentials.verifyEmail(token);
  }

  /** Mails the confirmation of one's e-mail again. */
  @Post('resend-verification')
  @HttpCode(202)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  resendVerification(@CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.mails.resendVerification(user.id);
  }
}
