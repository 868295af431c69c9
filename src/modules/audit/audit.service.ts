import { Inject, Injectable } from '@nestjs/common';
import { AuditEntry } from '../../common/audit/audit-entry.entity';
import { oldAuditEntries } from '../../common/audit/audit-retention';
import { SqlFilter } from '../../common/database/sql';
import type { ListPage } from '../../common/http/page.response';
import { mapPage } from '../../common/http/pagination';
import { Cleaning } from '../../common/jobs/cleaning';
import { Lists } from '../../common/lists/lists';
import { sortOrder } from '../../common/lists/sort-order';
import { ENV, type Env } from '../../config/env';
import type { AuditEntryResponse } from './dto/audit-entry.response';
import type { ListAuditQuery } from './dto/list-audit.query';

const LATEST_FIRST = sortOrder(['-createdAt'], { createdAt: { sql: 'created_at', type: 'timestamptz' } });

/** Reads the audit log. What goes into it, `recordChanges` writes. */
@Injectable()
export class AuditService {
  constructor(
    private readonly lists: Lists,
    cleaning: Cleaning,
    @Inject(ENV) env: Env,
  ) {
    const old = oldAuditEntries(env.AUDIT_RETENTION_DAYS);
    if (old) cleaning.remove(old.table, old.condition);
  }

  /** The latest first. */
  async list(query: ListAuditQuery): Promise<ListPage<AuditEntryResponse>> {
    const list = { name: 'audit', entity: AuditEntry, filter: filterOf(query), order: LATEST_FIRST };
    return mapPage(await this.lists.read(list, query), toAuditEntryResponse);
  }
}

function filterOf({
  userId,
  action,
  resourceType,
  resourceId,
  createdFrom,
  createdTo,
}: ListAuditQuery): SqlFilter {
  return new SqlFilter()
    .addIf(userId, 'user_id = ?')
    .addIf(action, 'action = ?')
    .addIf(resourceType, 'resource_type = ?')
    .addIf(resourceId, 'resource_id = ?')
    .addIf(createdFrom && new Date(createdFrom), 'created_at >= ?')
    .addIf(createdTo && new Date(createdTo), 'created_at < ?');
}

function toAuditEntryResponse(entry: AuditEntry): AuditEntryResponse {
  const { id, action, resourceType, resourceId, userId, requestId, before, after, createdAt } = entry;
  return {
    id,
    action,
    resourceType,
    resourceId,
    userId,
    requestId,
    before,
    after,
    createdAt: createdAt.toISOString(),
  };
}
