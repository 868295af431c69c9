import { IsIn } from 'class-validator';
import { type Role, ROLES } from '../../../common/auth/authenticated-user';
import { PageQuery } from '../../../common/http/page.query';
import { Optional, QueryBoolean, SearchText, SortBy } from '../../../common/validation/fields';

export class ListUsersQuery extends PageQuery {
  /** Part of an e-mail, of a username, or of first and last name with a space between. */
  @Optional()
  @SearchText()
  q?: string;

  @Optional()
  @IsIn(ROLES)
  role?: Role;

  @Optional()
  @QueryBoolean()
  isActive?: boolean;

  /** createdAt or email; `-createdAt` unless told. */
  @Optional()
  @SortBy('createdAt', 'email')
  sort?: string[];
}
