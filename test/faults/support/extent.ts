/** Whether every fault comes as often as the shop promises to survive it; else a few times, for each change. */
const isFull = process.env.FAULTS === 'full';

/** How often a fault comes. */
export function times(few: number, full: number): number {
  return isFull ? full : few;
}

/** A full run has the machine to itself, and is held to the promised time; another has to be patient with the machine. */
export function within(promisedMs: number): number {
  return isFull ? promisedMs : promisedMs * 4;
}
