import { createHash } from "node:crypto";
import {
  type Column,
  getTableColumns,
  getTableName,
  type Placeholder,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { PgDialect } from "drizzle-orm/pg-core";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import pg from "pg";
import type { Database, DatabaseEngine, OnConflict, PlaceholderValues } from "../handle";
import { lockTimeoutMs } from "../settings";
import type { ConnectionPool } from "./pool";

/** Held by whoever writes: one number for all of this program's databases, each of which has its locks to itself. */
const WRITE_LOCK = 0x49515354;

/** A statement of a transaction may take so long, beside the wait for its lock. */
const STATEMENT_LIMIT_MS = 120_000;

/** Values in one insert: more of them make no insert faster, and all stand in memory twice. */
const VALUES_AT_ONCE = 50_000;

/** What a column of db/schema.ts is in PostgreSQL, for lists of its values. */
const LIST_TYPES: Readonly<Record<string, string>> = {
  text: "text[]",
  integer: "bigint[]",
  real: "double precision[]",
  blob: "bytea[]",
};

const DIALECT = new PgDialect({ casing: "snake_case" });

/** Whom questions are sent to: the pool, or within a transaction its one connection. */
type Connection = ConnectionPool | pg.PoolClient;

/** A handle over the connections to a PostgreSQL server. */
export function postgresHandle(pool: ConnectionPool): Database {
  return withEngine(new PostgresEngine(pool, pool, pool.name));
}

function drizzleOn(connection: Connection): NodePgDatabase {
  return drizzle({ client: connection, casing: "snake_case" });
}

function withEngine(engine: PostgresEngine): Database {
  // One description of the tables serves both engines: drizzle needs the names and the mappings of columns to ask PostgreSQL, and
  // both are in it. Its types know tables by engine, so they are told that this is the other one.
  return Object.assign(engine.drizzle, { engine }) as unknown as Database;
}

/** drizzle's own way to a prepared question, with rows as lists or as objects. */
interface Preparer {
  prepare(name: string): { execute(values?: PlaceholderValues): Promise<unknown> };
}

class PostgresEngine implements DatabaseEngine {
  readonly kind = "postgres";
  readonly drizzle: NodePgDatabase;
  private readonly casing = new CasingCache("snake_case");

  constructor(
    private readonly connection: Connection,
    /** `null` within a transaction. */
    private readonly pool: ConnectionPool | null,
    readonly name: string,
  ) {
    this.drizzle = drizzleOn(connection);
  }

  prepare: DatabaseEngine["prepare"] = <T>(question: SQLWrapper) => {
    const { sql: text } = this.toQuery(question);
    const prepared = (question as SQLWrapper & Preparer).prepare(statementName(text));
    return (values: PlaceholderValues) => prepared.execute(values) as Promise<T>;
  };

  prepareLists: DatabaseEngine["prepareLists"] = (question) => {
    const query = this.toQuery(question);
    const prepared = this.drizzle._.session.prepareQuery(
      query,
      undefined,
      statementName(query.sql),
      true,
      (rows: unknown[][]) => rows,
    );
    return async (values) => (await prepared.execute(values)) as unknown[][];
  };

  private toQuery(question: SQLWrapper) {
    return DIALECT.sqlToQuery(question.getSQL());
  }

  insertLists: DatabaseEngine["insertLists"] = async (table, rows, onConflict) => {
    const columns = Object.values(getTableColumns(table));
    const text = this.insertText(table, columns, onConflict);
    const atOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / columns.length));
    let added = 0;
    for (let start = 0; start < rows.length; start += atOnce) {
      const some = rows.slice(start, start + atOnce);
      const values = columns.map((_, position) => some.map((row) => row[position]));
      added += (await this.connection.query({ name: statementName(text), text, values })).rowCount ?? 0;
    }
    return added;
  };

  private insertText(table: SQLiteTable, columns: readonly Column[], onConflict: OnConflict): string {
    const names = columns.map((column) => `"${this.casing.getColumnCasing(column)}"`).join(", ");
    const lists = columns.map((column, position) => `$${position + 1}::${LIST_TYPES[column.getSQLType()] ?? "text[]"}`);
    const ending = onConflict === "ignore" ? " ON CONFLICT DO NOTHING" : "";
    return `INSERT INTO "${getTableName(table)}" (${names}) SELECT * FROM unnest(${lists.join(", ")})${ending}`;
  }

  fromJsonList: DatabaseEngine["fromJsonList"] = (list) => sql`(select json_array_elements_text(${readable(list)}))`;

  fromJsonPairs: DatabaseEngine["fromJsonPairs"] = (list) =>
    sql`(select pair ->> 0, pair ->> 1 from json_array_elements(${readable(list)}) as pair)`;

  write: DatabaseEngine["write"] = (work) =>
    this.alone(lockTimeoutMs() + STATEMENT_LIMIT_MS, async (client, db) => {
      await client.query("BEGIN");
      // A transaction as a whole may take long; each question in it has a limit, and so has waiting for the lock.
      await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs()}`);
      // Numbering revisions under a lock is what keeps them without gaps: a sequence leaves one with every transaction that fails,
      // and lets a later number be seen before an earlier one.
      await client.query("SELECT pg_advisory_xact_lock($1)", [WRITE_LOCK]);
      const result = await work(db);
      await client.query("COMMIT");
      return result;
    });

  read: DatabaseEngine["read"] = (work) =>
    this.alone(lockTimeoutMs() + STATEMENT_LIMIT_MS, async (client, db) => {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const result = await work(db);
      await client.query("COMMIT");
      return result;
    });

  /** Work on one connection; a transaction it has not ended is rolled back. */
  private async alone<T>(
    limitMs: number | null,
    work: (client: pg.PoolClient, db: Database) => Promise<T>,
  ): Promise<T> {
    if (this.pool === null) throw new Error("A transaction cannot begin inside another one.");
    return this.pool.withConnection(limitMs, async (client) => {
      try {
        return await work(client, withEngine(new PostgresEngine(client, null, this.name)));
      } catch (error) {
        await client.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
    });
  }

  async refreshStatistics(): Promise<void> {
    // Until autovacuum looks at the tables, which may be a minute, questions would be planned for a table without these rows.
    await this.connection.query("ANALYZE configuration, run_group, coverage, run, run_report, load_point");
  }

  async deferReferences(): Promise<void> {
    await this.connection.query("SET CONSTRAINTS ALL DEFERRED");
  }

  async continueNumbering(): Promise<void> {
    for (const { table, column } of await this.numberedColumns()) {
      const name = quoted(column);
      await this.connection.query(
        `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${name}), 0) + 1, false) FROM ${quoted(table)}`,
        [quoted(table), column],
      );
    }
  }

  /** A sequence that would give a number which is there already. */
  private async lateSequence(table: string, column: string): Promise<string[]> {
    const named = await this.connection.query<{ sequence: string }>(
      "SELECT pg_get_serial_sequence($1, $2) AS sequence",
      [quoted(table), column],
    );
    const sequence = named.rows[0]?.sequence ?? "";
    const { rows } = await this.connection.query<{ next: number; largest: number }>(
      `SELECT (SELECT last_value + is_called::int FROM ${sequence}) AS next, coalesce(max(${quoted(column)}), 0) AS largest FROM ${quoted(table)}`,
    );
    const { next = 1, largest = 0 } = rows[0] ?? {};
    return next > largest
      ? []
      : [
          `${table}.${column} would go on with ${next}, and there are rows up to ${largest}: SELECT setval('${sequence}', ${largest}) sets it right.`,
        ];
  }

  /** Columns whose values come from a sequence. */
  private async numberedColumns(): Promise<{ table: string; column: string }[]> {
    const { rows } = await this.connection.query<{ table: string; column: string }>(
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
       WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY table_name`,
    );
    return rows;
  }

  async faults(): Promise<string[]> {
    const invalid = await this.connection.query<{ name: string }>(
      "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid",
    );
    const faults = invalid.rows.map(
      ({ name }) => `The index ${name} is not valid: REINDEX INDEX ${name} makes it anew.`,
    );
    for (const { table, column } of await this.numberedColumns())
      faults.push(...(await this.lateSequence(table, column)));
    return faults;
  }

  compact(): Promise<void> {
    // Each table by itself: VACUUM cannot run inside a transaction, and FULL leaves nothing of deleted rows in the files.
    return this.alone(null, async (client) => {
      const tables = await client.query<{ name: string }>(
        "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()",
      );
      for (const { name } of tables.rows) await client.query(`VACUUM (FULL) ${name}`);
    });
  }

  async emptyLog(): Promise<boolean> {
    // The server's write-ahead log belongs to whoever runs it: it goes with its next checkpoints, archives and replicas.
    return true;
  }

  async space(): Promise<{ usedBytes: number; freeBytes: number | null }> {
    const { rows } = await this.connection.query<{ bytes: number }>(
      "SELECT pg_database_size(current_database()) AS bytes",
    );
    return { usedBytes: rows[0]?.bytes ?? 0, freeBytes: null };
  }

  async close(): Promise<void> {
    await this.pool?.end();
  }
}

/** JSON whose texts PostgreSQL can read: no U+0000 in them, as in what is stored. */
function readable(json: Placeholder | string): SQL {
  return sql`replace(${json}, '\\u0000', '\\ufffd')::json`;
}

/** A name as SQL has it. */
function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

/** A name that is the same for the same question, as a server keeps prepared questions by name. */
function statementName(text: string): string {
  return `iq_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
}
