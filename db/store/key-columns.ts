import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";

/** The columns of a table's primary key, by their names in db/schema.ts. */
export function keyColumns(table: SQLiteTable): string[] {
  const [several] = getTableConfig(table).primaryKeys;
  const inKey = new Set<unknown>(several?.columns);
  return Object.entries(getTableColumns(table))
    .filter(([, column]) => column.primary || inKey.has(column))
    .map(([name]) => name);
}
