/**
 * The ids in their new order, with `id` put in or moved.
 * @param position from 0; past the end, or undefined, is the end
 */
export function placed(ids: readonly string[], id: string, position = Infinity): string[] {
  const others = ids.filter((other) => other !== id);
  return others.toSpliced(Math.min(position, others.length), 0, id);
}
