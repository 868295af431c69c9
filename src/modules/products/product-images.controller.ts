import { Body, Controller, Delete, HttpCode, Param, Patch, Post, UploadedFile } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiTags } from '@nestjs/swagger';
import { Staff } from '../../common/auth/access.decorators';
import { TakesUpload, type UploadedContent } from '../../common/files/upload.interceptor';
import { Precondition } from '../../common/http/etag';
import { IfMatch, Location } from '../../common/http/http.decorators';
import { IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { AddImageDto, ChangeImageDto, ImageFormDto } from './dto/product-image.dto';
import { ImageResponse } from './dto/product.response';
import { ProductImagesService } from './product-images.service';

const MAX_FILE_BYTES = 10_000_000;

/** Images are a product's own: `If-Match` is the product's ETag, and every change raises the product's version. */
@ApiTags('Products')
@ApiBearerAuth()
@Staff()
@Limit('staff')
@Controller('products/:id/images')
export class ProductImagesController {
  constructor(private readonly images: ProductImagesService) {}

  /**
   * Adds an image to a product.
   * @remarks A JPEG, PNG or WebP file by its content, of at most 10 MB and 50 million pixels (`too_many_pixels`), is made into three WebP sizes. A product has at most 20 images (`too_many_images`). `If-Match` takes the product's ETag.
   */
  @Post()
  @TakesUpload('file', MAX_FILE_BYTES)
  @ApiBody({ type: ImageFormDto })
  @Location<ImageResponse>(({ id }, { params }) => `/products/${String(params.id)}/images/${id}`)
  @Problems('not_found', 'version_mismatch')
  add(
    @Param('id', IdPipe) productId: string,
    @UploadedFile() file: UploadedContent,
    @Body() dto: AddImageDto,
    @IfMatch() ifMatch: Precondition,
    @Idempotent() request: IdempotentRequest,
  ): Promise<ImageResponse> {
    return this.images.add(productId, { ...dto, content: file.buffer }, ifMatch, request);
  }

  /**
   * Changes the text of an image, or moves it.
   * @remarks The others make room: the images of a product are numbered from 0 without gaps. `If-Match` takes the product's ETag.
   */
  @Patch(':imageId')
  @Problems('not_found', 'version_mismatch')
  change(
    @Param('id', IdPipe) productId: string,
    @Param('imageId', IdPipe) imageId: string,
    @Body() dto: ChangeImageDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<ImageResponse> {
    return this.images.change({ productId, imageId, ifMatch }, dto);
  }

  /**
   * Deletes an image.
   * @remarks Its files go too, unless a past order shows them. `If-Match` takes the product's ETag.
   */
  @Delete(':imageId')
  @HttpCode(204)
  @Problems('not_found', 'version_mismatch')
  remove(
    @Param('id', IdPipe) productId: string,
    @Param('imageId', IdPipe) imageId: string,
    @IfMatch() ifMatch: Precondition,
  ): Promise<void> {
    return this.images.remove({ productId, imageId, ifMatch });
  }
}
