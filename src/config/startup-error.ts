/** A failure that the person who starts the program can mend: its message is one sentence that says how. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
