import { Module } from '@nestjs/common';
import { ProductsController } from './products.controller';
import { ProductsService } from './products.service';
import { ProductFacets } from './search/product-facets';
import { ProductLists } from './search/product-lists';
import { StockService } from './stock.service';

@Module({
  controllers: [ProductsController],
  providers: [ProductLists, ProductFacets, ProductsService, StockService],
  exports: [ProductsService, StockService],
})
export class ProductsModule {}
