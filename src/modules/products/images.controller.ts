import { Controller, Get, Param, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../common/auth/access.decorators';
import { sendImmutable } from '../../common/files/send-file';
import { IdPipe } from '../../common/http/path.pipes';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { ImageFilesService } from './image-files.service';
import { IMAGE_FILES, IMAGE_TYPE } from './images/image-sizes';

@ApiTags('Products')
@Controller('images')
export class ImagesController {
  constructor(private readonly files: ImageFilesService) {}

  /**
   * Shows an image in one of its sizes.
   * @remarks The longest edge is at most 320, 800 or 1600 pixels. What is under an address never changes, so it may be kept for ever.
   */
  @Get(':id/:size')
  @Public()
  @Limit('images')
  @ApiParam({ name: 'size', enum: IMAGE_FILES })
  @ApiOkResponse({ content: { [IMAGE_TYPE]: { schema: { type: 'string', format: 'binary' } } } })
  @Problems('not_found')
  async show(
    @Param('id', IdPipe) id: string,
    @Param('size') file: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    const found = await this.files.open(id, file);
    return sendImmutable(found, { tag: `"${id}-${file}"`, mediaType: IMAGE_TYPE }, request, response);
  }
}
