import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Public, Staff } from '../../common/auth/access.decorators';
import { Cached } from '../../common/cache/cached.decorator';
import { Precondition } from '../../common/http/etag';
import { Etag, IfMatch, Location } from '../../common/http/http.decorators';
import { ApiIdOrSlug, IdOrSlugPipe, IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { CategoriesService, categoryTag } from './categories.service';
import { CreateCategoryDto, UpdateCategoryDto } from './dto/category.dto';
import { CategoryPage, CategoryResponse, CategoryTree } from './dto/category.response';
import { ListCategoriesQuery } from './dto/list-categories.query';

@ApiTags('Categories')
@Controller('categories')
export class CategoriesController {
  constructor(private readonly categories: CategoriesService) {}

  /** Lists the categories. */
  @Get()
  @Public()
  @Limit('catalogue')
  @Cached('catalogue')
  list(@Query() query: ListCategoriesQuery): Promise<CategoryPage> {
    return this.categories.list(query);
  }

  /** Shows all categories, nested, with the active products of each branch. */
  @Get('tree')
  @Public()
  @Limit('catalogue')
  @Cached('catalogue')
  tree(): Promise<CategoryTree> {
    return this.categories.tree();
  }

  /** Shows a category by id or slug. */
  @Get(':id')
  @ApiIdOrSlug()
  @Public()
  @Limit('catalogue')
  @Cached('catalogue')
  @Etag(categoryTag)
  @Problems('not_found')
  get(@Param('id', IdOrSlugPipe) idOrSlug: string): Promise<CategoryResponse> {
    return this.categories.get(idOrSlug);
  }

  /** Makes a category. Its slug is made from the name when left out. */
  @Post()
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(categoryTag)
  @Location<CategoryResponse>(({ id }) => `/categories/${id}`)
  @Problems('slug_taken')
  create(
    @Body() dto: CreateCategoryDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<CategoryResponse> {
    return this.categories.create(dto, request);
  }

  /** Changes the given fields of a category. */
  @Patch(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(categoryTag)
  @Problems('not_found', 'slug_taken', 'category_cycle', 'version_mismatch')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateCategoryDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CategoryResponse> {
    return this.categories.update(id, dto, ifMatch);
  }

  /** Replaces a category: what is left out goes back to its default. */
  @Put(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(categoryTag)
  @Problems('not_found', 'slug_taken', 'category_cycle', 'version_mismatch')
  replace(
    @Param('id', IdPipe) id: string,
    @Body() dto: CreateCategoryDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CategoryResponse> {
    return this.categories.replace(id, dto, ifMatch);
  }

  /** Deletes a category that has neither products nor child categories. */
  @Delete(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @HttpCode(204)
  @Problems('not_found', 'category_in_use', 'version_mismatch')
  remove(@Param('id', IdPipe) id: string, @IfMatch() ifMatch: Precondition): Promise<void> {
    return this.categories.remove(id, ifMatch);
  }
}
