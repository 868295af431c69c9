import { Controller, Get, Res } from '@nestjs/common';
import { ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../common/auth/access.decorators';
import { Limit } from '../../common/limits/limit.decorator';
import { HealthResponse, ReadinessResponse } from './dto/health.response';
import { HealthService } from './health.service';

@ApiTags('Operations')
@Public()
@Limit('none')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Says that the process lives. */
  @Get()
  live(): HealthResponse {
    return { status: 'ok' };
  }

  /** Says whether requests should be sent here: 503 while a needed service is down or the instance shuts down. */
  @Get('ready')
  @ApiServiceUnavailableResponse({ type: ReadinessResponse, description: 'Not ready.' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessResponse> {
    const readiness = await this.health.readiness();
    response.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }
}
