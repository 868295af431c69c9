import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, Staff } from '../../common/auth/access.decorators';
import type { AuthenticatedUser } from '../../common/auth/authenticated-user';
import { Cached } from '../../common/cache/cached.decorator';
import { Precondition } from '../../common/http/etag';
import { Etag, IfMatch, Location } from '../../common/http/http.decorators';
import { PageQuery } from '../../common/http/page.query';
import { ApiIdOrSlug, IdOrSlugPipe, IdPipe } from '../../common/http/path.pipes';
import { Idempotent, type IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { ListProductsQuery, ProductFilters } from './dto/list-products.query';
import { ProductFacets } from './dto/product-facets.response';
import { AdjustStockDto, CreateProductDto, UpdateProductDto } from './dto/product.dto';
import {
  ProductPage,
  ProductResponse,
  ProductSuggestions,
  StockMovementPage,
  StockMovementResponse,
} from './dto/product.response';
import { SuggestProductsQuery } from './dto/suggest-products.query';
import { productTag } from './product-view';
import { ProductsService } from './products.service';
import { StockService } from './stock.service';

@ApiTags('Products')
@Controller('products')
export class ProductsController {
  constructor(
    private readonly products: ProductsService,
    private readonly stock: StockService,
  ) {}

  /** Lists the products. Staff may ask for drafts and archived ones. */
  @Get()
  @Public()
  @Limit('catalogue')
  @Cached('catalogue', 'stock')
  list(
    @Query() query: ListProductsQuery,
    @CurrentUser() user: AuthenticatedUser | undefined,
  ): Promise<ProductPage> {
    return this.products.list(query, user);
  }

  /** Lists the featured products. */
  @Get('featured')
  @Public()
  @Limit('catalogue')
  @Cached('catalogue', 'stock')
  listFeatured(
    @Query() query: PageQuery,
    @CurrentUser() user: AuthenticatedUser | undefined,
  ): Promise<ProductPage> {
    return this.products.listFeatured(query, user);
  }

  /** Suggests products while somebody types: those whose name has the words. */
  @Get('suggest')
  @Public()
  @Limit('catalogue')
  @Cached('catalogue', 'stock')
  suggest(@Query() { q }: SuggestProductsQuery): Promise<ProductSuggestions> {
    return this.products.suggest(q);
  }

  /** Counts what the products of a list have in common, for narrowing it. */
  @Get('facets')
  @Public()
  @Limit('catalogue')
  @Cached('catalogue', 'stock')
  facets(
    @Query() filters: ProductFilters,
    @CurrentUser() user: AuthenticatedUser | undefined,
  ): Promise<ProductFacets> {
    return this.products.countFacets(filters, user);
  }

  /** Shows a product by id or slug. Drafts and archived ones are for staff only. */
  @Get(':id')
  @ApiIdOrSlug()
  @Public()
  @Limit('catalogue')
  @Cached('catalogue', 'stock')
  @Etag(productTag)
  @Problems('not_found')
  get(
    @Param('id', IdOrSlugPipe) idOrSlug: string,
    @CurrentUser() user: AuthenticatedUser | undefined,
  ): Promise<ProductResponse> {
    return this.products.get(idOrSlug, user);
  }

  /** Makes a product. Its slug is made from the name when left out. */
  @Post()
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(productTag)
  @Location<ProductResponse>(({ id }) => `/products/${id}`)
  @Problems('slug_taken', 'sku_taken')
  create(@Body() dto: CreateProductDto, @Idempotent() request: IdempotentRequest): Promise<ProductResponse> {
    return this.products.create(dto, request);
  }

  /** Changes the given fields of a product. */
  @Patch(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(productTag)
  @Problems('not_found', 'slug_taken', 'sku_taken', 'version_mismatch')
  update(
    @Param('id', IdPipe) id: string,
    @Body() dto: UpdateProductDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<ProductResponse> {
    return this.products.update(id, dto, ifMatch);
  }

  /** Replaces a product: what is left out goes back to its default, the stock to 0 with a row of the ledger. */
  @Put(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Etag(productTag)
  @Problems('not_found', 'slug_taken', 'sku_taken', 'version_mismatch')
  replace(
    @Param('id', IdPipe) id: string,
    @Body() dto: CreateProductDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<ProductResponse> {
    return this.products.replace(id, dto, ifMatch);
  }

  /** Deletes a product: it leaves lists and reads, its sku and slug are free again, past orders keep it. */
  @Delete(':id')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @HttpCode(204)
  @Problems('not_found', 'version_mismatch')
  remove(@Param('id', IdPipe) id: string, @IfMatch() ifMatch: Precondition): Promise<void> {
    return this.products.remove(id, ifMatch);
  }

  /** Lists the stock ledger of a product, newest first. */
  @Get(':id/stock-adjustments')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Problems('not_found')
  listMovements(@Param('id', IdPipe) id: string, @Query() query: PageQuery): Promise<StockMovementPage> {
    return this.stock.listMovements(id, query);
  }

  /** Adds to the stock of a product, or takes from it. */
  @Post(':id/stock-adjustments')
  @Staff()
  @ApiBearerAuth()
  @Limit('staff')
  @Location((_, { params }) => `/products/${String(params.id)}/stock-adjustments`)
  @Problems('not_found', 'insufficient_stock', 'version_mismatch')
  adjustStock(
    @Param('id', IdPipe) id: string,
    @Body() dto: AdjustStockDto,
    @IfMatch() ifMatch: Precondition,
    @Idempotent() request: IdempotentRequest,
  ): Promise<StockMovementResponse> {
    return this.stock.adjust(id, dto, ifMatch, request);
  }
}
