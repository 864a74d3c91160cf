/** The command was called wrongly; the message says how. Ends the program with status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The command was right and the answer is no; the message says why. Ends the program with status 1. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

export const EXIT_OK = 0;
export const EXIT_REFUSED = 1;
export const EXIT_USAGE = 2;
/** Ended by Ctrl-C, as shells count it. */
export const EXIT_INTERRUPTED = 130;
