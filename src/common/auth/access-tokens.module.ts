import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokens } from './access-tokens';

@Global()
@Module({
  imports: [
    // The secret comes with each call, by the token's `kid`.
    JwtModule.register({ signOptions: { algorithm: 'HS256' } }),
  ],
  providers: [AccessTokens],
  exports: [AccessTokens],
})
export class AccessTokensModule {}
