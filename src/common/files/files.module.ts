import { Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, type Env } from '../../config/env';
import { LOGGER } from '../logging/logger';
import { DiskFileStore } from './disk-file-store';
import { FILE_STORE, type FileStore } from './file-store';
import { GuardedFileStore } from './guarded-file-store';
import { S3FileStore } from './s3-file-store';

/** Where uploaded files are kept: in the bucket that the settings name, or below `DATA_DIR`. */
@Global()
@Module({
  providers: [
    {
      provide: FILE_STORE,
      inject: [ENV, LOGGER],
      useFactory: (env: Env, logger: Logger) => new GuardedFileStore(createStore(env), logger),
    },
  ],
  exports: [FILE_STORE],
})
export class FilesModule {}

function createStore(env: Env): FileStore {
  const { DATA_DIR, S3_BUCKET, S3_REGION, S3_ENDPOINT } = env;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (S3_BUCKET === undefined) return new DiskFileStore(DATA_DIR);
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return new S3FileStore({ bucket: S3_BUCKET, region: S3_REGION, endpoint: S3_ENDPOINT, credentials });
}
