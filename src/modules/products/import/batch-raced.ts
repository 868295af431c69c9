/** Someone else wrote the same sku, slug or category in between: the batch may be run again. */
export class BatchRaced extends Error {
  override readonly name = 'BatchRaced';
}
