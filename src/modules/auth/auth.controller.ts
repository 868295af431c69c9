import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Location } from '../../common/http/http.decorators';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { UserResponse, UsersService } from '../users/users.service';
import { AuthService } from './auth.service';
import { BearerToken, type Client, CurrentClient, IgnoresAccessToken } from './client';
import { LoginDto, RefreshDto, RegisterDto } from './dto/auth.dto';
import { SessionResponse } from './dto/session.response';

@ApiTags('Auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
  ) {}

  /** Makes a customer's account and signs it in. */
  @Post('register')
  @Public()
  @Limit('register')
  @Location<SessionResponse>(({ user }) => `/users/${user.id}`)
  @Problems('email_taken', 'username_taken')
  register(@Body() dto: RegisterDto, @CurrentClient() client: Client): Promise<SessionResponse> {
    return this.auth.register(dto, client);
  }

  /** Signs in. Unknown e-mail, wrong password and disabled account give one and the same answer. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @Limit('signIn')
  @Problems('invalid_credentials')
  login(@Body() dto: LoginDto, @CurrentClient() client: Client): Promise<SessionResponse> {
    return this.auth.login(dto, client);
  }

  /**
   * Exchanges a refresh token for new tokens.
   * @remarks Each refresh token works once. A retry within 10 s gets the same new tokens; a later one ends the session.
   */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @IgnoresAccessToken()
  @Limit('refresh')
  @Problems('invalid_token', 'token_revoked', 'refresh_token_reused')
  refresh(@Body() dto: RefreshDto, @BearerToken() bearer: string | undefined): Promise<SessionResponse> {
    return this.auth.refresh(dto.refreshToken ?? bearer);
  }

  /** Ends this session: its access and refresh tokens stop working at once. */
  @Post('logout')
  @HttpCode(204)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  logout(@CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.auth.logout(user);
  }

  /** Ends every session of the user. */
  @Post('logout-all')
  @HttpCode(204)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  logoutAll(@CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.auth.logoutAll(user);
  }

  /** Shows the signed-in user. */
  @Get('me')
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  me(@CurrentUser() user: AuthenticatedUser): Promise<UserResponse> {
    return this.users.getOwn(user.id);
  }
}
