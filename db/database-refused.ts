/** The database cannot be used as it is; the message says why and what to do. */
export class DatabaseRefusedError extends Error {
  override name = "DatabaseRefusedError";
}

/** It cannot be used now, and may be in a while: the same may be asked again. */
export class DatabaseUnreachableError extends DatabaseRefusedError {
  override name = "DatabaseUnreachableError";
}
