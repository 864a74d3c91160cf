/** Key under which an object or array carries the comments of its own fields; the serializer writes them above the field. */
export const COMMENTS: unique symbol = Symbol("comments");

/**
 * A copy of `value` whose named fields (or array positions) carry a comment in the YAML. In the code the
 * comment is beside its field, the type stays the plain Kubernetes type, and `undefined` means no comment. Arrays take an array
 * of comments.
 */
export function commented<T extends object>(value: T, comments: { [K in keyof T]?: string | undefined }): T {
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as T;
  Object.defineProperty(copy, COMMENTS, { value: comments, enumerable: true });
  return copy;
}

/** The comment of one field, if it has one. */
export function commentOf(owner: object, key: string | number): string | undefined {
  const comments: unknown = Reflect.get(owner, COMMENTS);
  if (typeof comments !== "object" || comments === null) return undefined;
  const comment: unknown = Reflect.get(comments, key);
  return typeof comment === "string" ? comment : undefined;
}

/** The comments of an array's items, one each, for a longer array that begins with the same items. */
export function reasonsOf(items: readonly unknown[]): (string | undefined)[] {
  return items.map((_, index) => commentOf(items, index));
}

/** The comments of a value's fields, for a larger value that has the same fields among its own. */
export function commentsOf<T extends object>(owner: T): { [K in keyof T]?: string } {
  const found: { [K in keyof T]?: string } = {};
  for (const key of Object.keys(owner) as (keyof T & string)[]) {
    const comment = commentOf(owner, key);
    if (comment !== undefined) found[key] = comment;
  }
  return found;
}
