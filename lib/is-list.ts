/** True for a list, whatever is in it: `Array.isArray` takes what it does not know for anything. */
export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
