import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { DeviceList } from './dto/device.response';
import { SessionsService } from './sessions.service';

@ApiTags('Auth')
@ApiBearerAuth()
@SignedIn()
@Limit('account')
@Controller('auth/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /** Lists one's own devices, the last used first. */
  @Get()
  list(@CurrentUser() user: AuthenticatedUser): Promise<DeviceList> {
    return this.sessions.list(user.id, user.sessionId);
  }

  /** Signs one of one's own devices out. */
  @Delete(':id')
  @HttpCode(204)
  @Problems('not_found')
  revoke(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.sessions.revokeOwn(id, user.id);
  }
}
