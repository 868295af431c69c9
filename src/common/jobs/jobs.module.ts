import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DATABASE_URL } from '../../database/database-url';
import { Cleaning } from './cleaning';
import { JobWorker } from './job-worker';
import { Jobs } from './jobs';

/** Makes the jobs injectable everywhere, and does them. */
@Global()
@Module({})
export class JobsModule {
  static for(databaseUrl: string): DynamicModule {
    return {
      module: JobsModule,
      providers: [Jobs, Cleaning, JobWorker, { provide: DATABASE_URL, useValue: databaseUrl }],
      exports: [Jobs, Cleaning],
    };
  }
}
