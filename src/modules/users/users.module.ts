import { Module } from '@nestjs/common';
import { AddressesService } from './addresses.service';
import { OwnAccountController } from './own-account.controller';
import { OwnAccountService } from './own-account.service';
import { PasswordsService } from './passwords.service';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';

@Module({
  // Its routes come first: `me` is no id.
  controllers: [OwnAccountController, UsersController],
  providers: [UsersService, OwnAccountService, AddressesService, PasswordsService],
  exports: [UsersService, PasswordsService],
})
export class UsersModule {}
