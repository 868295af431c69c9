function exit(): void {
  process.exit(0);
}

/**
 * Until a program has started, a signal ends it at once: nothing is under way that another start would not do again. An
 * embedded server notices, and ends by itself.
 */
export function exitOnSignal(): void {
  process.on('SIGTERM', exit).on('SIGINT', exit);
}

/** From here on somebody else obeys signals. */
export function leaveSignals(): void {
  process.off('SIGTERM', exit).off('SIGINT', exit);
}
