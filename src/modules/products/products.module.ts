import { Module } from '@nestjs/common';
import { CatalogueFilesController } from './catalogue-files.controller';
import { CatalogueFilesService } from './catalogue-files.service';
import { ImageFilesService } from './image-files.service';
import { ImageUrlsService } from './image-urls.service';
import { ImagesController } from './images.controller';
import { LowStockMailsService } from './low-stock-mails.service';
import { ProductImagesController } from './product-images.controller';
import { ProductImagesService } from './product-images.service';
import { ProductsController } from './products.controller';
import { ProductsService } from './products.service';
import { ProductFacets } from './search/product-facets';
import { KeptCounts } from './search/kept-counts';
import { KnownProducts } from './search/known-products';
import { ProductLists } from './search/product-lists';
import { StockService } from './stock.service';

@Module({
  // The files' routes come before `/products/:id`, which would take their paths.
  controllers: [CatalogueFilesController, ProductsController, ProductImagesController, ImagesController],
  providers: [
    KeptCounts,
    KnownProducts,
    ProductLists,
    ProductFacets,
    ProductsService,
    StockService,
    LowStockMailsService,
    CatalogueFilesService,
    ProductImagesService,
    ImageFilesService,
    ImageUrlsService,
  ],
  exports: [ProductsService, StockService, ImageUrlsService],
})
export class ProductsModule {}
