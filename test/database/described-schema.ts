import { type Column, getTableColumns, getTableName, is } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../../db/schema";
import type { Engine } from "./engines";

/** A column, in words that do not differ by engine. */
export interface ColumnShape {
  type: string;
  required: boolean;
}

export interface TableShape {
  columns: Record<string, ColumnShape>;
  /** Lists of columns of which no two rows have the same values, with the condition under which that holds. */
  unique: string[];
  references: string[];
}

const CASING = new CasingCache("snake_case");

function nameOf(column: Column): string {
  return CASING.getColumnCasing(column);
}

/** The tables of db/schema.ts by name: their columns, and the columns of their primary keys. */
export function describedTables(): Record<string, { columns: Record<string, ColumnShape>; primaryKey: string }> {
  const tables = Object.values<unknown>(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));
  return Object.fromEntries(
    tables.map((table) => {
      const columns = Object.values(getTableColumns(table));
      const key = getTableConfig(table).primaryKeys[0]?.columns ?? columns.filter((column) => column.primary);
      const shapes = columns.map((column) => [
        nameOf(column),
        { type: column.getSQLType(), required: column.notNull || column.primary },
      ]);
      return [
        getTableName(table),
        { columns: Object.fromEntries(shapes), primaryKey: key.map((column) => nameOf(column)).join(", ") },
      ];
    }),
  );
}

/** Names of the tables a table refers to. */
export function referredTo({ references }: TableShape): string[] {
  return references.map((said) => / to (\w+)/.exec(said)?.[1] ?? "");
}

type Tables = Record<string, TableShape>;

function tableIn(tables: Tables, name: unknown): TableShape {
  tables[String(name)] ??= { columns: {}, unique: [], references: [] };
  return tables[String(name)] as TableShape;
}

function sorted(tables: Tables): Tables {
  for (const table of Object.values(tables)) {
    table.unique.sort();
    table.references.sort();
  }
  return tables;
}

/** The tables of a SQLite file. */
export async function sqliteTables(engine: Engine): Promise<Tables> {
  const tables: Tables = {};
  const columns = await engine.rows(
    `SELECT t.name AS "table", c.name, lower(c.type) AS type, c."notnull" OR c.pk > 0 AS required
     FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
  );
  for (const { table, name, type, required } of columns) {
    tableIn(tables, table).columns[String(name)] = { type: String(type), required: required === 1 };
  }
  const unique = await engine.rows(
    `SELECT i."table", i.columns || coalesce(' ' || substr(s.sql, instr(s.sql, 'WHERE')), '') AS said FROM (
       SELECT t.name AS "table", i.name, i.partial,
         (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
       FROM sqlite_master AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND i."unique" = 1
     ) AS i LEFT JOIN sqlite_master AS s ON i.partial = 1 AND s.name = i.name
     UNION ALL
     SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
     WHERE t.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER'
       AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk = 2)`,
  );
  for (const { table, said } of unique) tableIn(tables, table).unique.push(String(said));
  const references = await engine.rows(
    `SELECT t.name AS "table", f."table" AS target, group_concat(f."from", ', ') AS "from", group_concat(f."to", ', ') AS "to",
       f.on_update || ', ' || f.on_delete AS actions
     FROM sqlite_master AS t, pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' GROUP BY t.name, f.id`,
  );
  for (const { table, target, from, to, actions } of references) {
    tableIn(tables, table).references.push(`(${from}) to ${target} (${to}), ${actions}`);
  }
  return sorted(tables);
}

/** Types of PostgreSQL by the ones of SQLite they stand for. */
const TYPES: Readonly<Record<string, string>> = {
  int4: "integer",
  int8: "integer",
  float8: "real",
  "text COLLATE C": "text",
  bytea: "blob",
};

/** The tables of a database of PostgreSQL, without the one that holds its version. */
export async function postgresTables(engine: Engine): Promise<Tables> {
  const tables: Tables = {};
  const columns = await engine.rows(
    `SELECT c.relname AS table, a.attname AS name, a.attnotnull AS required,
       t.typname || coalesce(' COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation), '') AS type
     FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid JOIN pg_type AS t ON t.oid = a.atttypid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND c.relname <> 'database_version'`,
  );
  for (const { table, name, type, required } of columns) {
    const said = String(type);
    tableIn(tables, table).columns[String(name)] = { type: TYPES[said] ?? said, required: required === true };
  }
  const unique = await engine.rows(
    `SELECT c.relname AS table, pg_get_expr(i.indpred, i.indrelid) AS condition,
       (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, false), ', ' ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS n) AS columns
     FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
     WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'database_version'`,
  );
  for (const { table, columns, condition } of unique) {
    // Long texts are unique by their MD5.
    const plain = String(columns).replace(/md5\((\w+)\)/g, "$1");
    const where = typeof condition === "string" ? ` WHERE ${condition.replace(/^\((.*)\)$/, "$1")}` : "";
    tableIn(tables, table).unique.push(`${plain}${where}`);
  }
  const references = await engine.rows(
    `SELECT conrelid::regclass AS table, replace(pg_get_constraintdef(oid), ' DEFERRABLE', '') AS definition, condeferrable
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  );
  for (const { table, definition, condeferrable } of references) {
    const [, from, target, to] = /^FOREIGN KEY \((.+)\) REFERENCES (\w+)\((.+)\)$/.exec(String(definition)) ?? [];
    // Nothing else is said of what happens to a row that is referred to: it is refused, as in SQLite.
    const actions = condeferrable === true && to !== undefined ? "NO ACTION, NO ACTION" : definition;
    tableIn(tables, table).references.push(`(${from}) to ${target} (${to}), ${actions}`);
  }
  return sorted(tables);
}
