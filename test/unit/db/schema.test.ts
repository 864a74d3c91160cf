import { type Column, getTableColumns, getTableName, is } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { loadPointValues } from "../../../db/load-point-row";
import * as schema from "../../../db/schema";
import { sqliteClient } from "../../../db/sqlite/engine";
import { emptyMeasurement } from "../../../lib/measurement/measurement";
import { seededDatabase, temporaryDatabase } from "./small-data";

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
}

const TABLES = Object.values<unknown>(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));

const CASING = new CasingCache("snake_case");

/** As drizzle writes it. */
function nameOf(column: Column): string {
  return CASING.getColumnCasing(column);
}

describe("the schema", () => {
  it("is the same in SQL and in drizzle", async () => {
    const db = await temporaryDatabase();
    const inSql = sqliteClient(db)
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    expect(TABLES.map((table) => getTableName(table)).sort()).toEqual(inSql);
    for (const table of TABLES) {
      const name = getTableName(table);
      const columns = sqliteClient(db).prepare<[], ColumnInfo>(`SELECT * FROM pragma_table_info('${name}')`).all();
      const sql = columns.map((column) => [column.name, column.type.toLowerCase()]).sort();
      const drizzle = Object.values(getTableColumns(table)).map((column) => [nameOf(column), column.getSQLType()]);
      expect(drizzle.sort(), name).toEqual(sql);
      for (const column of Object.values(getTableColumns(table))) {
        const required = columns.find((item) => item.name === nameOf(column));
        expect(column.notNull || column.primary, `${name}.${nameOf(column)}`).toBe(
          required?.notnull === 1 || column.primary,
        );
      }
    }
  });

  it("is strict in every table", async () => {
    const db = await temporaryDatabase();
    const loose = sqliteClient(db)
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
      .all();
    expect(loose).toEqual([]);
  });

  it("has a place for every value of a load point", async () => {
    const db = await temporaryDatabase();
    const columns = sqliteClient(db).prepare("SELECT name FROM pragma_table_info('load_point')").pluck().all();
    const identity = { runId: "r", ordinal: 0, pointId: "p", reportSha256: "s", reportAt: "line 2" };
    expect(loadPointValues(emptyMeasurement(), identity)).toHaveLength(columns.length);
  });

  it.each([
    ["a changed load point", "UPDATE load_point SET ttft_ms_p50 = 1"],
    [
      "a latency below zero",
      "INSERT INTO load_point (run_id, ordinal, point_id, report_sha256, report_at, quality_flags, ttft_ms_p50) SELECT run_id, 99, 'new', report_sha256, '', '', -1 FROM load_point LIMIT 1",
    ],
    ["a changed run", "UPDATE run SET tool = 'x'"],
    ["a changed revision", "UPDATE revision SET reason = 'x'"],
    ["a changed report", "UPDATE report SET file_name = 'x'"],
    ["a changed price", "UPDATE price SET usd_per_hour = 1"],
    ["a run that retires before it was added", "UPDATE run SET retired_in_revision = added_in_revision"],
    [
      "a point of a run that is not there",
      "INSERT INTO load_point (run_id, ordinal, point_id, report_sha256, report_at, quality_flags) VALUES ('no', 0, 'p', 's', '', '')",
    ],
    ["text where a number belongs", "INSERT INTO workload VALUES ('w', 'd', 'many', 1)"],
    [
      "an unknown price kind",
      "INSERT INTO price SELECT NULL, 'x', provider, NULL, NULL, accelerator_id, 1, 1, 'free', 0, NULL, source, NULL, origin, 1, NULL FROM price LIMIT 1",
    ],
    [
      "the same point twice",
      "INSERT INTO load_point (run_id, ordinal, point_id, report_sha256, report_at, quality_flags) SELECT run_id, 99, point_id, report_sha256, '', '' FROM load_point LIMIT 1",
    ],
    ["a deleted run that has points", "DELETE FROM run"],
  ])("refuses %s", async (_, sql) => {
    const db = await seededDatabase();
    expect(() => sqliteClient(db).exec(sql)).toThrow();
  });

  it("lets a run retire once", async () => {
    const db = await seededDatabase();
    sqliteClient(db).exec("INSERT INTO revision VALUES (2, 'now', 'x'), (3, 'now', 'x')");
    sqliteClient(db).exec("UPDATE run SET retired_in_revision = 2");
    expect(() => sqliteClient(db).exec("UPDATE run SET retired_in_revision = 3")).toThrow(/append-only/);
  });
});
