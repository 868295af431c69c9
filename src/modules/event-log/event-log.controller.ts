import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../common/auth/access.decorators';
import { Limit } from '../../common/limits/limit.decorator';
import { Problems } from '../../common/openapi/problems.decorator';
import { EventList } from './dto/event.response';
import { ListEventsQuery } from './dto/list-events.query';
import { EventLogService } from './event-log.service';

@ApiTags('Events')
@ApiBearerAuth()
@Roles('ADMIN')
@Limit('staff')
@Controller('events')
export class EventLogController {
  constructor(private readonly log: EventLogService) {}

  /**
   * Lists what happened in the shop, oldest first.
   * @remarks Ask again with `after=` the `meta.nextAfter` of the answer before: no event is left out or comes twice, those are there about a second after they happen. Events are kept for 30 days unless the shop sets another time; when some after `after` are gone, the answer is 409 `events_expired`.
   */
  @Get()
  @Problems('events_expired')
  list(@Query() query: ListEventsQuery): Promise<EventList> {
    return this.log.list(query);
  }
}
