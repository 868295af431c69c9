import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recordEvents } from '../../common/events/events';
import type { StockMovementResponse } from './dto/product.response';
import { type MovementKind, StockMovement } from './entities/stock-movement.entity';
import { type AnnouncedProduct, announcedColumns, fallenLow } from './product-announcements';
import { insufficientStock } from './products.errors';

interface Movement {
  productId: string;
  /** Units added, or taken when negative. Not 0. */
  delta: number;
  kind: MovementKind;
  reason: string;
  /** The stock after it. */
  stock: number;
}

/** Writes a row of the ledger for a stock that was set. The caller holds the product's lock. */
export async function recordMovement(movement: Movement, tx: EntityManager): Promise<void> {
  await tx.insert(StockMovement, { id: uuidv7(), ...movement });
}

interface Cause {
  kind: 'adjustment' | 'order' | 'cancellation';
  reason: string;
  orderId?: string;
}

/**
 * Adds to the stocks, or takes from them, and writes the ledger, in one guarded statement; one more tells of the
 * products that fell low by it, when there are any. The caller holds the products' locks.
 * @throws DomainError `insufficient_stock` when one would fall below zero
 */
export async function moveStock(
  changes: readonly { productId: string; quantity: number }[],
  { kind, reason, orderId }: Cause,
  tx: EntityManager,
): Promise<void> {
  const moved = await tx.query<(AnnouncedProduct & { quantity: number })[]>(
    `WITH moved AS (
       UPDATE products p SET stock = p.stock + change.quantity, version = p.version + 1, updated_at = now()
         FROM unnest($1::uuid[], $2::int[], $3::uuid[]) AS change (id, quantity, movement_id)
        WHERE p.id = change.id AND p.stock + change.quantity >= 0
       RETURNING ${announcedColumns('p')}, change.quantity, change.movement_id
     ), ledger AS (
       INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock, order_id)
       SELECT movement_id, id, quantity, $4, $5, stock, $6 FROM moved
     )
     SELECT * FROM moved`,
    [
      changes.map(({ productId }) => productId),
      changes.map(({ quantity }) => quantity),
      changes.map(() => uuidv7()),
      kind,
      reason,
      orderId ?? null,
    ],
  );
  assertAllMoved(changes, moved);
  const low = moved.flatMap(({ quantity, ...product }) =>
    fallenLow({ ...product, stock: product.stock - quantity }, product),
  );
  await recordEvents(low, tx);
}

/** @throws DomainError `insufficient_stock` */
function assertAllMoved(
  changes: readonly { productId: string; quantity: number }[],
  moved: readonly { id: string }[],
): void {
  const done = new Set(moved.map(({ id }) => id));
  const failed = changes.filter(({ productId }) => !done.has(productId));
  if (failed.length === 0) return;
  throw insufficientStock(
    failed.map(({ productId, quantity }) => ({ productId, requested: -quantity, available: 0 })),
  );
}

/** The newest row of a product's ledger. */
export async function latestMovement(productId: string, tx: EntityManager): Promise<StockMovementResponse> {
  const movement = await tx.findOneOrFail(StockMovement, { where: { productId }, order: { seq: 'DESC' } });
  return toMovementResponse(movement);
}

export function toMovementResponse({
  id,
  delta,
  reason,
  stock,
  createdAt,
}: StockMovement): StockMovementResponse {
  return { id, delta, reason, stock, createdAt: createdAt.toISOString() };
}
