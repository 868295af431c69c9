/** Runs a write and throws its failure as `translate` says it: a broken constraint becomes a domain error. */
export async function translated<T>(write: Promise<T>, translate: (error: unknown) => unknown): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw translate(error);
  }
}
