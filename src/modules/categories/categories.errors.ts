import { violatedForeignKey, violatedUnique } from '../../common/database/database-errors';
import { DomainError, invalid } from '../../common/errors/domain-error';

/** Broken constraints as the domain says them; anything else as it came. */
export function translateCategoryError(error: unknown): unknown {
  if (violatedUnique(error) === 'uq_categories_slug') return slugTaken();
  switch (violatedForeignKey(error)) {
    case 'fk_categories_parent_id':
    case 'fk_products_category_id':
      return new DomainError('category_in_use', 'The category has products or child categories.');
    default:
      return error;
  }
}

export function slugTaken(): DomainError {
  return new DomainError('slug_taken', 'This slug is taken.');
}

export function unknownParent(): DomainError {
  return invalid('parentId', 'unknown_category', 'parentId names no category.');
}

export function categoryCycle(): DomainError {
  return new DomainError('category_cycle', 'A category cannot be below itself.');
}
