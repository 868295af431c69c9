import { type Role, ROLES } from '../../../common/auth/authenticated-user';
import { ApiProperty } from '@nestjs/swagger';
import { CursorMeta, ListMeta, PageMeta } from '../../../common/http/page.response';

export class UserResponse {
  id: string;
  email: string;
  username: string | null;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  @ApiProperty({ enum: ROLES, enumName: 'Role', isArray: true })
  roles: Role[];
  isActive: boolean;
  emailVerified: boolean;
  createdAt: string;
  updatedAt: string;
}

export class UserPage {
  data: UserResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}
