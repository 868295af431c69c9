import { CursorMeta, ListMeta, PageMeta } from '../../../common/http/page.response';

export class CategoryResponse {
  id: string;
  name: string;
  slug: string;
  description: string | null;
  parentId: string | null;
  position: number;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export class CategoryPage {
  data: CategoryResponse[];
  @ListMeta()
  meta: PageMeta | CursorMeta;
}

export class CategoryNode extends CategoryResponse {
  /** Active products of the whole branch. */
  productCount: number;
  children: CategoryNode[];
}

export class CategoryTree {
  data: CategoryNode[];
}
