/**
 * Waits for statements of one transaction that were sent without waiting for one another, in their order. When one fails
 * all that follow do, because of it: so the first failure is the one that is thrown, and once all have been answered.
 */
export async function together<T extends readonly unknown[]>(
  sent: readonly [...T],
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const outcomes = await Promise.allSettled(sent);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value) as {
    -readonly [Index in keyof T]: Awaited<T[Index]>;
  };
}
