/** Gives back what the start of the run took, in the opposite order. */
export default async function globalTeardown(): Promise<void> {
  for (const release of (globalThis.releases ?? []).reverse()) await release();
}
