import { commented, commentOf } from "./commented";

/** One step of RFC 6902. */
export interface PatchOperation {
  op: "add" | "remove" | "replace";
  /** RFC 6901. */
  path: string;
  value?: unknown;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field without a value is written nowhere. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function withComment(operation: PatchOperation, owner: object, key: string | number): PatchOperation {
  const comment = commentOf(owner, key);
  return comment === undefined ? operation : commented(operation, { value: comment });
}

function fieldOperations(path: string, from: object, to: object, key: string | number): PatchOperation[] {
  const before: unknown = Reflect.get(from, key);
  const after: unknown = Reflect.get(to, key);
  const at = pointer(path, key);
  if (isAbsent(before) && isAbsent(after)) return [];
  if (isAbsent(after)) return [{ op: "remove", path: at }];
  if (isAbsent(before)) return [withComment({ op: "add", path: at, value: after }, to, key)];
  if (isFields(before) && isFields(after)) return differences(at, before, after);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((_, index) => fieldOperations(at, before, after, index));
  }
  return Object.is(before, after) ? [] : [withComment({ op: "replace", path: at, value: after }, to, key)];
}

function differences(path: string, from: Fields, to: Fields): PatchOperation[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key) => fieldOperations(path, from, to, key));
}

/**
 * The steps that make `to` of `from` (RFC 6902), as few fields as can be named; lists of another length are replaced whole.
 * Works for every kind, other than a strategic-merge patch, which only built-in kinds have. Comments of the values come along.
 */
export function jsonPatch(from: object, to: object): PatchOperation[] {
  return differences("", { ...from } as Fields, { ...to } as Fields);
}
