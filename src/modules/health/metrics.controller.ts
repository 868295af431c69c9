import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Public } from '../../common/auth/access.decorators';
import { Limit } from '../../common/limits/limit.decorator';
import { Exposition } from '../../common/metrics/exposition';

@ApiTags('Operations')
@Public()
@Limit('none')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly exposition: Exposition) {}

  /** What Prometheus scrapes: requests, database connections, cache, orders, queued work, and Node.js itself. */
  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiProduces('text/plain')
  @ApiOkResponse({ type: String, description: 'The text format of Prometheus.' })
  read(): Promise<string> {
    return this.exposition.text();
  }
}
