import { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { FileStore, StoredFile } from './file-store';

export interface S3Settings {
  bucket: string;
  region: string;
  /** Another service than Amazon's, such as MinIO. */
  endpoint: string | undefined;
  /** Left out: the SDK looks where it always does (environment, profile, role of the machine). */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

type Sdk = typeof import('@aws-sdk/client-s3');

interface Connection {
  sdk: Sdk;
  client: S3Client;
}

/** Milliseconds: an upload waits for this, and for one more try. */
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 2;

/** What is under a key never changes, so that a CDN in front may keep it for ever. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable';

/** Files in a bucket of Amazon S3, or of a service that speaks like it. */
export class S3FileStore implements FileStore {
  private connection: Promise<Connection> | undefined;

  constructor(private readonly settings: S3Settings) {}

  async write(key: string, content: Buffer, mediaType: string): Promise<void> {
    const { sdk, client } = await this.connect();
    await client.send(
      new sdk.PutObjectCommand({
        Bucket: this.settings.bucket,
        Key: key,
        Body: content,
        ContentType: mediaType,
        CacheControl: CACHE_CONTROL,
      }),
    );
  }

  async open(key: string): Promise<StoredFile | null> {
    const { sdk, client } = await this.connect();
    try {
      const { Body, ContentLength } = await client.send(
        new sdk.GetObjectCommand({ Bucket: this.settings.bucket, Key: key }),
      );
      if (!(Body instanceof Readable) || ContentLength === undefined)
        throw new Error('The bucket sent no file of a known length');
      return { stream: Body, length: ContentLength };
    } catch (error) {
      if (error instanceof sdk.NoSuchKey) return null;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const { sdk, client } = await this.connect();
    await client.send(new sdk.DeleteObjectCommand({ Bucket: this.settings.bucket, Key: key }));
  }

  /** Loads the SDK when it is first needed: it is large, and most shops start without. */
  private connect(): Promise<Connection> {
    this.connection ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: new sdk.S3Client(clientConfig(this.settings)),
    }));
    return this.connection;
  }
}

function clientConfig({ region, endpoint, credentials }: S3Settings): S3ClientConfig {
  return {
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    // Checksums that S3 does not ask for are unknown to services that speak an older S3.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
