/**
 * A value, or why there is none. What can fail by bad input or for want of data answers with this; exceptions are for bugs.
 * @typeParam E a reason a person can act on, as whole sentences, or a list of them
 */
export type Result<T, E = string> = { ok: true; value: T } | Refused<E>;

/** There is no value, and this is why. */
export interface Refused<E = string> {
  ok: false;
  error: E;
}

/** Wraps a value as a success. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** There is no value: the reason as a whole sentence, or several. */
export function refused<E = string>(error: E): Refused<E> {
  return { ok: false, error };
}
