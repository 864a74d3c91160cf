/** Adds items to a list. `push(...items)` would end the program where there are more of them than a call takes arguments. */
export function appendAll<T>(list: T[], items: readonly T[]): void {
  for (const item of items) list.push(item);
}
