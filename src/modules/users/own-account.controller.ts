import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, SignedIn } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Location } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { AddressesService } from './addresses.service';
import { CreateAddressDto, UpdateAddressDto } from './dto/address-book.dto';
import { UserAddressList, UserAddressResponse } from './dto/address-book.response';
import { CloseAccountDto } from './dto/own-account.dto';
import { PersonalDataExport } from './dto/personal-data.response';
import { OwnAccountService } from './own-account.service';

@ApiTags('Own account')
@ApiBearerAuth()
@SignedIn()
@Limit('account')
@Controller('users/me')
export class OwnAccountController {
  constructor(
    private readonly account: OwnAccountService,
    private readonly addresses: AddressesService,
  ) {}

  /** Closes one's own account: the person is erased, every session ends, the e-mail is free again. */
  @Delete()
  @Limit('password')
  @HttpCode(204)
  @Problems('last_admin')
  close(@Body() { password }: CloseAccountDto, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.account.close(user.id, password);
  }

  /** Shows all that is kept about oneself, and leaves an entry in the audit log. */
  @Get('export')
  export(@CurrentUser() user: AuthenticatedUser): Promise<PersonalDataExport> {
    return this.account.export(user.id);
  }

  /** Lists one's addresses, the default first. */
  @Get('addresses')
  listAddresses(@CurrentUser() user: AuthenticatedUser): Promise<UserAddressList> {
    return this.addresses.list(user.id);
  }

  /** Adds an address. The first one becomes the default. */
  @Post('addresses')
  @Location<UserAddressResponse>(({ id }) => `/users/me/addresses/${id}`)
  @Problems('idempotency_in_progress', 'idempotency_key_reused')
  addAddress(
    @Body() dto: CreateAddressDto,
    @CurrentUser() user: AuthenticatedUser,
    @Idempotent() request: IdempotentRequest,
  ): Promise<UserAddressResponse> {
    return this.addresses.create(user.id, dto, request);
  }

  /** Changes the given fields of an address. */
  @Patch('addresses/:id')
  @Problems('not_found')
  updateAddress(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateAddressDto,
    @CurrentUser() user: AuthenticatedUser,
  ): Promise<UserAddressResponse> {
    return this.addresses.update(user.id, id, dto);
  }

  /** Removes an address. In the place of the default, the oldest of the others becomes it. */
  @Delete('addresses/:id')
  @HttpCode(204)
  @Problems('not_found')
  removeAddress(@Param('id', IdPipe) id: string, @CurrentUser() user: AuthenticatedUser): Promise<void> {
    return this.addresses.remove(user.id, id);
  }
}
