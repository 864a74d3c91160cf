import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { formatCount } from "../../lib/format";
import { ok, type Result, refused } from "../../lib/result";
import type { Database } from "../handle";
import {
  accelerator,
  configuration,
  coverage,
  hardware,
  ingest,
  loadPoint,
  loadPointDetail,
  machine,
  model,
  price,
  purge,
  purgedShare,
  report,
  reportPart,
  revision,
  run,
  runFacet,
  runGroup,
  runReport,
  share,
  shipped,
  workload,
} from "../schema";
import { currentRevisionId } from "./current-revision";
import { keyColumns } from "./key-columns";

/** Every table, after those it refers to. */
export const TABLES_IN_ORDER: readonly SQLiteTable[] = [
  revision,
  model,
  accelerator,
  hardware,
  machine,
  price,
  configuration,
  workload,
  report,
  reportPart,
  ingest,
  runGroup,
  runFacet,
  coverage,
  run,
  runReport,
  loadPoint,
  loadPointDetail,
  share,
  shipped,
  purge,
  purgedShare,
];

/** Rows in one question, and bytes of stored reports in one. */
const ROWS_AT_ONCE = 1000;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

export interface CopyProgress {
  rowsDone: number;
  rows: number;
}

export interface CopiedDatabase {
  rows: number;
  /** The newest revision. */
  revision: number;
}

/**
 * Copies everything that is stored, row by row as the columns hold it: ids, revisions, shares, reports, audit. One state of
 * `from` is copied, in one transaction of `to`: whatever ends it, `to` then has all or nothing.
 * @returns the reason where `to` holds data already
 */
export function copyDatabase(
  from: Database,
  to: Database,
  onProgress: (progress: CopyProgress) => void,
): Promise<Result<CopiedDatabase, string>> {
  return from.engine.read((source) =>
    to.engine.write(async (target) => {
      const found = await whatIsStored(target);
      if (found !== null) return refused(`${to.engine.name} is not empty: it holds ${found}.`);
      // The empty database has a first revision; that of `from` has another date.
      await target.delete(revision);
      const progress = { rowsDone: 0, rows: 0 };
      for (const table of TABLES_IN_ORDER) progress.rows += await source.$count(table);
      onProgress(progress);
      for (const table of TABLES_IN_ORDER) {
        for await (const rows of pages(source, table)) {
          await target.engine.insertLists(table, rows, "fail");
          progress.rowsDone += rows.length;
          onProgress(progress);
        }
      }
      await target.engine.continueNumbering();
      return ok({ rows: progress.rowsDone, revision: await currentRevisionId(target) });
    }),
  );
}

/** What a database holds beyond what an empty one has, in words; `null` for an empty one. */
async function whatIsStored(db: Database): Promise<string | null> {
  const newest = await currentRevisionId(db);
  if (newest > 0) return `dataset revision ${newest}`;
  for (const table of TABLES_IN_ORDER) {
    const rows = table === revision ? 0 : await db.$count(table);
    if (rows > 0) return `${formatCount(rows)} rows in ${getTableConfig(table).name}`;
  }
  return null;
}

/** The rows of a table as its columns hold them, by primary key, so many at a time that they fit into memory. */
async function* pages(db: Database, table: SQLiteTable): AsyncGenerator<unknown[][]> {
  const columns = getTableColumns(table);
  const names = Object.keys(columns);
  const keys = keyColumns(table);
  const order = keys.map((name) => sql`${columns[name]}`);
  const key = keys.map((name) => names.indexOf(name));
  const blobs = Object.values(columns).filter((column) => column.getSQLType() === "blob");
  const bytes = blobs.map((column) => sql`length(${column})`);
  const after = sql`(${sql.join(order, sql`, `)}) > (${sql.join(
    keys.map((name) => sql.placeholder(name)),
    sql`, `,
  )})`;
  const ask = (selected: Record<string, SQL>, where: SQL | undefined) =>
    db.engine.prepareLists(
      db
        .select(selected)
        .from(table)
        .where(where)
        .orderBy(...order)
        .limit(sql.placeholder("limit")),
    );
  const held = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sql`${column}`]));
  const size = { bytes: bytes.length === 0 ? sql`0` : sql.join(bytes, sql` + `) };
  const first = { rows: ask(held, undefined), sizes: ask(size, undefined) };
  const next = { rows: ask(held, after), sizes: ask(size, after) };
  for (let question = first, last: Record<string, unknown> = {}; ; question = next) {
    let limit = ROWS_AT_ONCE;
    if (blobs.length > 0) limit = rowsThatFit(await question.sizes({ ...last, limit }));
    const rows = await question.rows({ ...last, limit });
    if (rows.length === 0) return;
    yield rows;
    const end = rows.at(-1);
    last = Object.fromEntries(keys.map((name, index) => [name, end?.[key[index] ?? -1]]));
  }
}

/** How many rows of these sizes, at least one, are read at once. */
function rowsThatFit(sizes: readonly unknown[][]): number {
  let bytes = 0;
  const tooMany = sizes.findIndex(([size]) => {
    bytes += Number(size);
    return bytes > BYTES_AT_ONCE;
  });
  return Math.max(1, tooMany < 0 ? sizes.length : tooMany);
}
