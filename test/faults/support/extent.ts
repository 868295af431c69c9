/**
 * Whether every fault comes as often as the shop promises to survive it, on a machine that does nothing else; otherwise
 * it comes a few times, for each change.
 */
export const isPromised = process.env.FAULTS === 'full';

/** How often a fault comes. */
export function times(few: number, full: number): number {
  return isPromised ? full : few;
}

/** Only a full run is held to the promised time: another has to be patient with the machine. */
export function within(promisedMs: number): number {
  return isPromised ? promisedMs : promisedMs * 4;
}
