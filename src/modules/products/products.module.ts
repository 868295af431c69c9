import { Module } from '@nestjs/common';
import { ImageFilesService } from './image-files.service';
import { ImageUrlsService } from './image-urls.service';
import { ImagesController } from './images.controller';
import { ProductImagesController } from './product-images.controller';
import { ProductImagesService } from './product-images.service';
import { ProductsController } from './products.controller';
import { ProductsService } from './products.service';
import { ProductFacets } from './search/product-facets';
import { ProductLists } from './search/product-lists';
import { StockService } from './stock.service';

@Module({
  controllers: [ProductsController, ProductImagesController, ImagesController],
  providers: [
    ProductLists,
    ProductFacets,
    ProductsService,
    StockService,
    ProductImagesService,
    ImageFilesService,
    ImageUrlsService,
  ],
  exports: [ProductsService, StockService, ImageUrlsService],
})
export class ProductsModule {}
