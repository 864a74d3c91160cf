/** A value, or why there is none: a reason a person can act on. */
export type Outcome<T> = { kind: "ok"; value: T } | { kind: "refused"; reason: string };

/** Wraps a value as a success. */
export function ok<T>(value: T): Outcome<T> {
  return { kind: "ok", value };
}

/** A refusal with the reason as a full sentence. */
export function refused(reason: string): { kind: "refused"; reason: string } {
  return { kind: "refused", reason };
}
