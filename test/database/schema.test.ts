import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describedTables, postgresTables, referredTo, sqliteTables } from "./described-schema";
import { type Engine, postgresEngine, type Statement, sqliteEngine, type Value } from "./engines";
import { insert, insertSamples, type Row, SAMPLE_ROWS, sampleRow } from "./sample-rows";

const url = inject("postgresUrl");

/** Columns in which the revision stands in which a row left: they may be set, once. */
const LEAVING: Readonly<Record<string, string>> = {
  model: "left_in_revision",
  accelerator: "left_in_revision",
  hardware: "left_in_revision",
  machine: "left_in_revision",
  price: "left_in_revision",
  run: "retired_in_revision",
  coverage: "left_in_revision",
};

/** A link is purged or not; which purge did it first says nothing of what it showed. A group counts what there is now. */
const NOT_APPEND_ONLY = ["purged_share", "run_group"];

const LONG_TEXT = randomBytes(20_000).toString("base64");

describe.skipIf(url === null)("the schema", () => {
  let sqlite: Engine;
  let postgres: Engine;
  /** Tables with the ones they refer to. */
  let references: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    sqlite = await sqliteEngine();
    postgres = await postgresEngine(url ?? "", inject("postgresTemplate"));
    for (const engine of [sqlite, postgres]) expect(await engine.transaction(insertSamples(), "COMMIT")).toBeNull();
    references = new Map(Object.entries(await sqliteTables(sqlite)).map(([name, table]) => [name, referredTo(table)]));
  });

  afterAll(async () => {
    await sqlite?.end();
    await postgres?.end();
  });

  /** Statements that delete all rows of a table, after what refers to them. */
  function withoutRows(table: string): Statement[] {
    const gone = new Set([table]);
    for (const name of SAMPLE_ROWS.keys()) if (references.get(name)?.some((target) => gone.has(target))) gone.add(name);
    return [...gone].reverse().map((name) => [`DELETE FROM ${name}`]);
  }

  /** What both engines say to statements, which they then undo; `null` = they take them. */
  async function said(...statements: Statement[]): Promise<{ sqlite: string | null; postgres: string | null }> {
    return {
      sqlite: await sqlite.transaction(statements, "ROLLBACK"),
      postgres: await postgres.transaction(statements, "ROLLBACK"),
    };
  }

  const refused = { sqlite: expect.any(String), postgres: expect.any(String) };
  const taken = { sqlite: null, postgres: null };

  it("is the same in both engines and in db/schema.ts", async () => {
    const described = describedTables();
    const inSqlite = await sqliteTables(sqlite);
    const inPostgres = await postgresTables(postgres);
    expect(inPostgres).toEqual(inSqlite);
    expect(Object.keys(described).sort()).toEqual(Object.keys(inSqlite).sort());
    for (const [name, { columns, primaryKey }] of Object.entries(described)) {
      expect(inSqlite[name]?.columns, name).toEqual(columns);
      expect(inSqlite[name]?.unique, name).toContain(primaryKey);
    }
  });

  it("has the same indexes and triggers by name in both engines", async () => {
    const namesIn = async (engine: Engine, question: string) => (await engine.rows(question)).map(({ name }) => name);
    const inSqlite = (type: string) =>
      `SELECT tbl_name || '.' || name AS name FROM sqlite_master WHERE type = '${type}' AND sql IS NOT NULL ORDER BY 1`;
    expect(
      await namesIn(
        postgres,
        `SELECT tgrelid::regclass || '.' || tgname AS name FROM pg_trigger WHERE NOT tgisinternal ORDER BY (tgrelid::regclass || '.' || tgname) COLLATE "C"`,
      ),
    ).toEqual(await namesIn(sqlite, inSqlite("trigger")));
    expect(await namesIn(postgres, "SELECT tablename || '.' || indexname AS name FROM pg_indexes")).toEqual(
      expect.arrayContaining(await namesIn(sqlite, inSqlite("index"))),
    );
  });

  it("begins with revision 0, made now, in both engines", async () => {
    const question: Statement = ["SELECT created_at, reason FROM revision WHERE id = 0"];
    for (const engine of [sqlite, postgres]) {
      const [first] = await engine.rows(...question);
      expect(first?.reason).toBe("empty database");
      expect(first?.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(String(first?.created_at)) - Date.now())).toBeLessThan(3_600_000);
    }
  });

  it.each([...SAMPLE_ROWS.keys()])(
    "refuses in both engines, in the same words, to change a row of %s",
    async (table) => {
      const columns = Object.keys(describedTables()[table]?.columns ?? {});
      expect(columns.length).toBeGreaterThan(0);
      for (const column of columns) {
        const answer = await said([`UPDATE ${table} SET ${column} = ${column}`]);
        if (NOT_APPEND_ONLY.includes(table) || column === LEAVING[table]) expect(answer, column).toEqual(taken);
        else {
          expect(answer.postgres, column).toMatch(new RegExp(`^${table} is append-only`));
          expect(answer.postgres, column).toBe(answer.sqlite);
        }
      }
    },
  );

  it.each(Object.entries(LEAVING))("lets a row of %s leave once", async (table, column) => {
    const leave: Statement = [`UPDATE ${table} SET ${column} = 2`];
    expect(await said(leave)).toEqual(taken);
    const again = await said(leave, [`UPDATE ${table} SET ${column} = 3`]);
    expect(again.postgres).toMatch(/append-only/);
    expect(again.postgres).toBe(again.sqlite);
    expect(await said([`UPDATE ${table} SET ${column} = added_in_revision`])).toEqual(refused);
  });

  const REFUSED: readonly [what: string, table: string, values: Row][] = [
    ["a revision below zero", "revision", { id: -1 }],
    ["a model without a name", "model", { model_id: "" }],
    ["a model of no parameters", "model", { total_parameters_billions: 0 }],
    ["a context below one token", "model", { context_length_tokens: 0 }],
    ["half a token of context", "model", { context_length_tokens: 0.5 }],
    ["a yes or no that is neither", "model", { gated: 2 }],
    ["a row of unknown origin", "model", { origin: "elsewhere" }],
    ["a row that leaves before it came", "model", { left_in_revision: 1 }],
    ["an unknown revision", "model", { added_in_revision: 99 }],
    ["an accelerator without memory", "accelerator", { memory_gib: 0 }],
    ["a machine that holds no accelerator", "hardware", { maximum_per_machine: 0 }],
    ["an unknown kind of host", "hardware", { host_architecture: "riscv64" }],
    ["a machine without a seller", "machine", { seller: "" }],
    ["a price of nothing", "price", { usd_per_hour: 0 }],
    ["an unknown kind of price", "price", { kind: "free" }],
    ["an unknown way of serving", "configuration", { serving_mode: "other" }],
    ["broken settings", "configuration", { server_arguments: "{" }],
    ["an image without a name", "configuration", { image: "" }],
    ["fewer than no tokens", "workload", { input_tokens: -1 }],
    ["text where a number belongs", "workload", { input_tokens: "many" }],
    ["a hash that is none", "report", { sha256: "abc" }],
    ["a report without its content", "report", { content: null }],
    ["a broken list of what was blanked", "report", { redacted: "[" }],
    ["a part in the place of the first", "report_part", { ordinal: 0 }],
    ["a part of an unknown report", "report_part", { sha256: "b".repeat(64) }],
    ["an unknown way in", "ingest", { way: "mail" }],
    ["a broken list of problems", "ingest", { problems: "none" }],
    ["a run without load points", "run", { load_points: 0 }],
    ["a run of an unknown ingest", "run", { ingest_id: 99 }],
    ["an unknown role", "run_report", { role: "other" }],
    ["a run of an unknown group", "run", { group_id: 99 }],
    ["fewer than no runs", "run_group", { retired_runs: -1 }],
    ["a filter there is none of", "run_facet", { facet: "colour" }],
    ["a count of nothing", "coverage", { load_points: 0 }],
    ["a count that ends before it begins", "coverage", { left_in_revision: 1 }],
    ["a latency below zero", "load_point", { ttft_ms_p50: -1 }],
    ["an unknown kind of load", "load_point", { load_kind: "heavy" }],
    ["a load of no kind", "load_point", { load_kind: null }],
    ["a point of an unknown run", "load_point", { run_id: "other" }],
    ["broken extras", "load_point_detail", { extras: "{" }],
    ["the detail of an unknown point", "load_point_detail", { ordinal: 9 }],
    ["a link that can be guessed", "share", { slug: "short" }],
    ["a purge of fewer than no runs", "purge", { runs: -1 }],
    ["an unknown purged link", "purged_share", { slug: "0987654321" }],
  ];

  it.each(REFUSED)("refuses %s in both engines", async (_, table, values) => {
    // With the sample row out of the way, what is wrong is the value.
    expect(await said(...withoutRows(table), insert(table, sampleRow(table)))).toEqual(taken);
    expect(await said(...withoutRows(table), insert(table, sampleRow(table, values)))).toEqual(refused);
  });

  const TRIED: readonly Value[] = ["", "x", "1", "[]", -1, 0, 0.5, 1, 8, 3_000_000_000, 1e30, Number.POSITIVE_INFINITY];

  it.each([...SAMPLE_ROWS.keys()])("takes and refuses the same values in each column of %s", async (table) => {
    for (const [column, { type }] of Object.entries(describedTables()[table]?.columns ?? {})) {
      // SQLite reads no value at all as the next number of a row.
      const isNumber = column === "row_id" || column === "id" || (table === "run_group" && column === "group_id");
      for (const value of [...(isNumber ? [] : [null]), ...(type === "blob" ? [Buffer.of(1)] : TRIED)]) {
        const { sqlite, postgres } = await said(
          ...withoutRows(table),
          insert(table, sampleRow(table, { [column]: value })),
        );
        const what = `${column} = ${value}: SQLite says ${sqlite}, PostgreSQL says ${postgres}`;
        expect(postgres === null, what).toBe(sqlite === null);
      }
    }
  });

  it("takes no number that is none, which SQLite does not have", async () => {
    for (const [table, { columns }] of Object.entries(describedTables())) {
      for (const [column, { type }] of Object.entries(columns)) {
        if (type !== "real") continue;
        const row = sampleRow(table, { [column]: "NaN" });
        const answer = await postgres.transaction([...withoutRows(table), insert(table, row)], "ROLLBACK");
        expect(answer, `${table}.${column}`).toMatch(/violates check constraint/);
      }
    }
  });

  it.each<[what: string, table: string, other: Row, distinct: Row]>([
    ["two rows of a model that both hold", "model", { row_id: 2 }, { row_id: 2, model_id: "org/other" }],
    ["two rows of an accelerator that both hold", "accelerator", { row_id: 2 }, { row_id: 2, accelerator_id: "t4" }],
    ["two rows of hardware that both hold", "hardware", { row_id: 2 }, { row_id: 2, accelerator_id: "t4" }],
    ["two rows of a machine that both hold", "machine", { row_id: 2 }, { row_id: 2, seller: "other" }],
    ["two rows of a price that both hold", "price", { row_id: 2 }, { row_id: 2, price_id: "other" }],
    [
      "two ids of a configuration",
      "configuration",
      { configuration_id: "other" },
      { configuration_id: "other", canonical_key: LONG_TEXT },
    ],
    ["a file of a run twice", "run_report", { role: "context" }, { file_name: LONG_TEXT }],
    ["two links to the same", "share", { slug: "0987654321" }, { slug: "0987654321", query: LONG_TEXT }],
  ])("refuses %s in both engines, however long their texts", async (_, table, other, distinct) => {
    expect(await said(insert(table, sampleRow(table, other)))).toEqual(refused);
    expect(await said(insert(table, sampleRow(table, distinct)))).toEqual(taken);
    const twice = insert(table, sampleRow(table, distinct));
    expect(await said(twice, twice)).toEqual(refused);
    const left = LEAVING[table];
    if (left !== undefined) {
      expect(await said([`UPDATE ${table} SET ${left} = 2`], insert(table, sampleRow(table, other)))).toEqual(taken);
    }
  });

  it("takes long texts wherever a report may have them", async () => {
    expect(
      await said(
        ...withoutRows("load_point"),
        insert("load_point", sampleRow("load_point", { report_at: LONG_TEXT, source_ref: LONG_TEXT })),
      ),
    ).toEqual(taken);
  });

  it("holds a measurement as valid once at any time", async () => {
    const secondRun = insert("run", sampleRow("run", { run_id: "second" }));
    const point = (ordinal: number, pointId: string) =>
      sampleRow("load_point", { run_id: "second", ordinal, point_id: pointId });
    const known = {
      sqlite: expect.stringContaining("UNIQUE constraint failed: load_point.point_id"),
      postgres: expect.stringContaining('unique constraint "load_point_is_live_once"'),
    };
    expect(await said(secondRun, insert("load_point", point(0, "point")))).toEqual(known);
    expect(await said(secondRun, insert("load_point", point(0, "new"), point(1, "new")))).toEqual(known);
    expect(await said(secondRun, insert("load_point", point(0, "new"), point(1, "newer")))).toEqual(taken);
    const retire: Statement = ["UPDATE run SET retired_in_revision = 2 WHERE run_id = 'run'"];
    expect(await said(retire, secondRun, insert("load_point", point(0, "point")))).toEqual(taken);
  });

  it("takes a load point back with its run, and no other way", async () => {
    const message = "load_point is append-only: it is retired once, with its run";
    const retire: Statement = ["UPDATE run SET retired_in_revision = 2"];
    const twice = insert("load_point", sampleRow("load_point", { ordinal: 1, retired_in_revision: 2 }));
    expect(await said(["UPDATE load_point SET retired_in_revision = 2"])).toEqual({
      sqlite: message,
      postgres: message,
    });
    for (const change of ["retired_in_revision = NULL", "retired_in_revision = 3", "report_at = 'elsewhere'"]) {
      expect(await said(retire, [`UPDATE load_point SET ${change}`])).toEqual({ sqlite: message, postgres: message });
    }
    // What is retired stands beside the same measurement that is valid.
    expect(await said(twice)).toEqual(taken);
    expect(await said(retire, insert("load_point", sampleRow("load_point", { ordinal: 1 })))).toEqual(taken);
  });

  it.each(["revision", "configuration", "workload", "report", "ingest", "run", "load_point", "share", "purge"])(
    "keeps a row of %s that others refer to, unless it is there again when the transaction ends",
    async (table) => {
      const remove: Statement = [`DELETE FROM ${table}`];
      expect(await said(remove)).toEqual(refused);
      for (const engine of [sqlite, postgres]) {
        const defer: Statement = [engine.deferReferences];
        const before = await engine.rows(`SELECT * FROM ${table}`);
        expect(await engine.transaction([defer, remove], "COMMIT")).toMatch(/foreign key/i);
        const again = before.map((row) => insert(table, row as Row));
        expect(await engine.transaction([defer, remove, ...again], "COMMIT")).toBeNull();
        expect(await engine.rows(`SELECT * FROM ${table}`)).toEqual(before);
      }
    },
  );

  it("sorts texts the same in both engines", async () => {
    const texts = ["b", "A", "a", "B", "é", "Z", "_", "-", "a-b", "a b", "aB", "10", "9", "😀", "ﬀ", "ä", "ß", "ss"];
    const rows = texts.map((text) => insert("workload", { workload_id: text }));
    const sorted: unknown[][] = [];
    for (const engine of [sqlite, postgres]) {
      expect(await engine.transaction(rows, "COMMIT")).toBeNull();
      sorted.push(await engine.rows("SELECT workload_id FROM workload ORDER BY workload_id"));
      expect(
        await engine.transaction([["DELETE FROM workload WHERE workload_id <> 'random-1-1'"]], "COMMIT"),
      ).toBeNull();
    }
    expect(sorted[1]).toEqual(sorted[0]);
  });

  it("gives rows that name no number one of their own, in both engines", async () => {
    for (const table of ["model", "accelerator", "hardware", "machine", "price", "shipped", "purge"]) {
      const numbered = table === "shipped" || table === "purge" ? "id" : "row_id";
      const { [numbered]: _, ...row } = sampleRow(table);
      expect(await said(...withoutRows(table), insert(table, row)), table).toEqual(taken);
    }
  });
});
