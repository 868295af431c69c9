import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Logger } from 'pino';
import { LOGGER } from '../../common/logging/logger';
import { ENV, type Env } from '../../config/env';
import type { ImageSizes } from './dto/product.response';
import { fileOf, keyOf } from './images/image-sizes';

/** Where images are fetched: from a CDN when there is one, else from our own route. URLs are absolute. */
@Injectable()
export class ImageUrlsService implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const { NODE_ENV, PUBLIC_URL, S3_PUBLIC_URL } = this.env;
    if (NODE_ENV !== 'production' || PUBLIC_URL || S3_PUBLIC_URL) return;
    this.logger.warn('PUBLIC_URL is not set: the URLs of images lead to localhost.');
  }

  sizesOf(imageId: string): ImageSizes {
    const base = this.base();
    const urlOf = (size: keyof ImageSizes): string => `${base}/${keyOf(imageId, fileOf(size))}`;
    return { small: urlOf('small'), medium: urlOf('medium'), large: urlOf('large') };
  }

  /**
   * The one picture that stands for a product.
   * @param imageId its first image
   * @param plainUrl what was given as its `imageUrl`, for a product without images
   */
  mainOf(imageId: string | null | undefined, plainUrl: string | null): string | null {
    return imageId ? this.sizesOf(imageId).large : plainUrl;
  }

  private base(): string {
    const { PUBLIC_URL, S3_PUBLIC_URL } = this.env;
    return S3_PUBLIC_URL ?? `${PUBLIC_URL ?? `http://localhost:${this.port()}`}/api`;
  }

  /** The port that the server listens on, which with `PORT=0` nobody knows beforehand. */
  private port(): number {
    const server: { address?: () => unknown } | undefined = this.adapterHost.httpAdapter?.getHttpServer();
    const address = server?.address?.();
    const isBound = typeof address === 'object' && address !== null && 'port' in address;
    return isBound ? Number(address.port) : this.env.PORT;
  }
}
