/**
 * What a table of ours says of a name from data. Names such as `constructor` are in no table, though every object inherits them.
 */
export function tableEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
