import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  RESOURCE_TYPES,
  type ResourceType,
} from '../../../common/audit/audit';
import { PageQuery } from '../../../common/http/page.query';
import { IdField, Instant, Optional } from '../../../common/validation/fields';

export class ListAuditQuery extends PageQuery {
  /** Changes by this member of the staff. */
  @Optional()
  @IdField()
  userId?: string;

  /** Changes of this kind. */
  @Optional()
  @IsIn(AUDIT_ACTIONS)
  @ApiPropertyOptional({ enum: AUDIT_ACTIONS, enumName: 'AuditAction' })
  action?: AuditAction;

  /** Changes of such things. */
  @Optional()
  @IsIn(RESOURCE_TYPES)
  @ApiPropertyOptional({ enum: RESOURCE_TYPES, enumName: 'AuditedResourceType' })
  resourceType?: ResourceType;

  /** Changes of this one thing. */
  @Optional()
  @IdField()
  resourceId?: string;

  /** Made at or after (RFC 3339). */
  @Optional()
  @Instant()
  createdFrom?: string;

  /** Made before (RFC 3339). */
  @Optional()
  @Instant()
  createdTo?: string;
}
