import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { StockMovementResponse } from './dto/product.response';
import { type MovementKind, StockMovement } from './entities/stock-movement.entity';

export interface Movement {
  productId: string;
  /** Units added, or taken when negative. Not 0. */
  delta: number;
  kind: MovementKind;
  reason: string;
  /** The stock after it. */
  stock: number;
  orderId?: string;
}

/** Writes the rows of the ledger, in one statement. The caller holds the products' locks. */
export async function recordMovements(movements: readonly Movement[], tx: EntityManager): Promise<void> {
  if (movements.length === 0) return;
  await tx.query(
    `INSERT INTO stock_movements (id, product_id, delta, kind, reason, stock, order_id)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::int[], $7::uuid[])`,
    [
      movements.map(() => uuidv7()),
      movements.map(({ productId }) => productId),
      movements.map(({ delta }) => delta),
      movements.map(({ kind }) => kind),
      movements.map(({ reason }) => reason),
      movements.map(({ stock }) => stock),
      movements.map(({ orderId }) => orderId ?? null),
    ],
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
