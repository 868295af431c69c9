import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CartToken } from '../../common/auth/cart-token';
import { CurrentUser, Public, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Location } from '../../common/http/http.decorators';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { UserResponse, UsersService } from '../users/users.service';
import { AuthService } from './auth.service';
import { BearerToken, type Client, CurrentClient, IgnoresAccessToken } from './client';
import { LoginDto, RefreshDto, RegisterDto } from './dto/auth.dto';
import { SessionResponse } from './dto/session.response';
import { SessionTokensService } from './session-tokens.service';

@ApiTags('Auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessionTokens: SessionTokensService,
    private readonly users: UsersService,
  ) {}

  /**
   * Makes a customer's account and signs it in.
   * @remarks With `X-Cart-Token` the guest cart becomes the user's cart, in the same step. An unknown or spent token is
   * a 404 and nothing is done: drop it, and register without.
   */
  @Post('register')
  @Public()
  @Limit('register')
  @Location<SessionResponse>(({ user }) => `/users/${user.id}`)
  @Problems('email_taken', 'username_taken', 'idempotency_in_progress', 'idempotency_key_reused')
  register(
    @Body() dto: RegisterDto,
    @CurrentClient() client: Client,
    @CartToken() cartToken: string | undefined,
    @Idempotent({ isSecret: true, owner: 'anyone' }) request: IdempotentRequest,
  ): Promise<SessionResponse> {
    return this.auth.register(dto, { client, cartToken }, request);
  }

  /**
   * Signs in. Unknown e-mail, wrong password and disabled account give one and the same answer.
   * @remarks With `X-Cart-Token` the guest cart comes into the user's cart, in the same step: quantities add up, to the
   * stock and to 999 at the most; the user's currency wins; the guest's coupon is taken where the user has none; what
   * is not for sale, has another currency, or would be more than 100 products is left out. The token is spent then. An
   * unknown or spent one is a 404, whatever the password, and nobody is signed in: drop it, and sign in without. Where
   * the answer to a sign-in was lost, that is how the app learns that the cart has arrived.
   */
  @Post('login')
  @HttpCode(200)
  @Public()
  @Limit('signIn')
  @Problems('invalid_credentials')
  login(
    @Body() dto: LoginDto,
    @CurrentClient() client: Client,
    @CartToken() cartToken: string | undefined,
  ): Promise<SessionResponse> {
    return this.auth.login(dto, { client, cartToken });
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
    return this.sessionTokens.refresh(dto.refreshToken ?? bearer);
  }

  /** Ends this session: its access and refresh tokens stop working at once. */
  @Post('logout')
  @HttpCode(204)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  logout(@CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.sessionTokens.end(user);
  }

  /** Ends every session of the user. */
  @Post('logout-all')
  @HttpCode(204)
  @SignedIn()
  @ApiBearerAuth()
  @Limit('account')
  logoutAll(@CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.sessionTokens.endAll(user);
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
