import { ApiProperty } from '@nestjs/swagger';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  RESOURCE_TYPES,
  type ResourceType,
} from '../../../common/audit/audit';
import type { Facts } from '../../../common/audit/audited-facts';
import { CursorMeta, ListMeta, PageMeta } from '../../../common/http/page.response';

const FactsOf = (): PropertyDecorator =>
  ApiProperty({ type: 'object', additionalProperties: true, nullable: true });

export class AuditEntryResponse {
  id: string;
  @ApiProperty({ enum: AUDIT_ACTIONS, enumName: 'AuditAction' })
  action: AuditAction;
  @ApiProperty({ enum: RESOURCE_TYPES, enumName: 'AuditedResourceType' })
  resourceType: ResourceType;
  resourceId: string;
  /** Who did it; null for a command on the machine. */
  userId: string | null;
  /** The `X-Request-Id` of the request that did it. */
  requestId: string | null;
  /** What differs, as it was; null for something new. */
  @FactsOf()
  before: Facts | null;
  /** What differs, as it is since then; null for something that is gone. */
  @FactsOf()
  after: Facts | null;
  createdAt: string;
}

export class AuditPage {
  data: AuditEntryResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
