import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Location } from '../../common/http/http.decorators';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { CreateUserDto } from './dto/create-user.dto';
import { ListUsersQuery } from './dto/list-users.query';
import { UpdateUserDto } from './dto/update-user.dto';
import { UserPage, UserResponse } from './dto/user.response';
import { UsersService } from './users.service';

@ApiTags('Users')
@ApiBearerAuth()
@Limit('account')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Lists the accounts. */
  @Get()
  @Roles('ADMIN')
  @Limit('staff')
  list(@Query() query: ListUsersQuery): Promise<UserPage> {
    return this.users.list(query);
  }

  /** Makes an account with any roles. */
  @Post()
  @Roles('ADMIN')
  @Limit('staff')
  @Location<UserResponse>(({ id }) => `/users/${id}`)
  @Problems('email_taken', 'username_taken', 'idempotency_in_progress', 'idempotency_key_reused')
  create(
    @Body() dto: CreateUserDto,
    @CurrentUser() user: AuthenticatedUser,
    @Idempotent({ isSecret: true }) request: IdempotentRequest,
  ): Promise<UserResponse> {
    return this.users.create(dto, user, request);
  }

  /** Shows an account: one's own, or for admins anyone's. */
  @Get(':id')
  @SignedIn()
  @Problems('not_found')
  get(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<UserResponse> {
    return this.users.get(id, user);
  }

  /** Changes the given fields of one's own profile, or for admins of any account. */
  @Patch(':id')
  @SignedIn()
  @Problems('not_found', 'email_taken', 'username_taken', 'last_admin')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateUserDto,
    @CurrentUser() user: AuthenticatedUser,
  ): Promise<UserResponse> {
    return this.users.update(id, dto, user);
  }

  /** Replaces the profile: names and phone that are left out become null. */
  @Put(':id')
  @SignedIn()
  @Problems('not_found', 'email_taken', 'username_taken', 'last_admin')
  replace(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateUserDto,
    @CurrentUser() user: AuthenticatedUser,
  ): Promise<UserResponse> {
    return this.users.replace(id, dto, user);
  }

  /** Deletes an account and erases the person. Their orders stay, without them. */
  @Delete(':id')
  @Roles('ADMIN')
  @Limit('staff')
  @HttpCode(204)
  @Problems('not_found', 'self_delete', 'last_admin')
  remove(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.users.remove(id, user);
  }
}
