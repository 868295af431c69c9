import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ENV, type Env } from './env';

/** Makes the settings injectable everywhere as `@Inject(ENV) env: Env`. */
@Global()
@Module({})
export class ConfigModule {
  static for(env: Env): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: ENV, useValue: env }], exports: [ENV] };
  }
}
