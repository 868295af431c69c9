import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../common/auth/access.decorators';
import { Limit } from '../../common/limits/limit.decorator';
import { AuditService } from './audit.service';
import { AuditPage } from './dto/audit-entry.response';
import { ListAuditQuery } from './dto/list-audit.query';

@ApiTags('Audit')
@ApiBearerAuth()
@Roles('ADMIN')
@Limit('staff')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /**
   * Lists what staff changed, and who exported their own data, the latest first.
   * @remarks An entry holds what differs, before and after, by the names that the API gives it. Personal and secret values are `[hidden]`: that they changed is kept, what they were is not. An import leaves an entry for each product and category that it makes or changes.
   */
  @Get()
  list(@Query() query: ListAuditQuery): Promise<AuditPage> {
    return this.audit.list(query);
  }
}
