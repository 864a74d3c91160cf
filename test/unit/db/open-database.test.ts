import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { closeDatabases, database, databaseAddress, openDatabase } from "../../../db/client";
import { DatabaseRefusedError } from "../../../db/database-refused";
import { countLoadPoints } from "../../../db/queries/count-load-points";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listRuns } from "../../../db/queries/list-runs";
import { sqliteClient } from "../../../db/sqlite/engine";
import { migrateSqlite, programVersion, readSqliteMigrations } from "../../../db/sqlite/migrate";
import { seedShipped } from "../../../db/store/seed-shipped";
import { figuresCsv, ingestTexts, NOW, smallData, temporaryDatabase, temporaryDirectory } from "./small-data";

function freshFile(): string {
  return path.join(temporaryDirectory(), "some", "folder", "test.db");
}

describe("opening a database", () => {
  it("creates the file with its folder, in WAL mode with foreign keys on", async () => {
    const db = await temporaryDatabase(freshFile());
    expect(sqliteClient(db).pragma("journal_mode", { simple: true })).toBe("wal");
    expect(sqliteClient(db).pragma("foreign_keys", { simple: true })).toBe(1);
    expect(sqliteClient(db).pragma("busy_timeout", { simple: true })).toBe(5000);
    expect(sqliteClient(db).pragma("synchronous", { simple: true })).toBe(1);
  });

  it("opens again what it left", async () => {
    const file = freshFile();
    const db = await openDatabase(file);
    await seedShipped(db, smallData(), NOW);
    await db.engine.close();
    expect(await countLoadPoints(await temporaryDatabase(file), 1)).toBe(4);
  });

  it("refuses a database of a newer program and leaves its bytes alone", async () => {
    const file = freshFile();
    await (await openDatabase(file)).engine.close();
    const client = new SqliteDatabase(file);
    client.pragma("user_version = 9999");
    client.close();
    const before = readFileSync(file);
    await expect(openDatabase(file)).rejects.toThrow(DatabaseRefusedError);
    await expect(openDatabase(file)).rejects.toThrow(/newer version/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it("sees a newer version that still stands in the write-ahead log", async () => {
    const file = freshFile();
    await (await openDatabase(file)).engine.close();
    const writer = new SqliteDatabase(file);
    writer.pragma("user_version = 9999");
    // A crash: the files as they are while the writer has not closed.
    const crashed = path.join(temporaryDirectory(), "crashed.db");
    copyFileSync(file, crashed);
    copyFileSync(`${file}-wal`, `${crashed}-wal`);
    writer.close();
    const before = readFileSync(crashed);
    const log = readFileSync(`${crashed}-wal`);
    await expect(openDatabase(crashed)).rejects.toThrow(/newer version/);
    expect(readFileSync(crashed).equals(before)).toBe(true);
    expect(readFileSync(`${crashed}-wal`).equals(log)).toBe(true);
  });

  it("refuses another program's SQLite file and a file that is none", async () => {
    const other = path.join(temporaryDirectory(), "other.db");
    const client = new SqliteDatabase(other);
    client.exec("CREATE TABLE theirs (x); PRAGMA user_version = 1");
    client.close();
    // Most programs leave both of SQLite's numbers at 0; a table may even be called like one of ours.
    const unmarked = path.join(temporaryDirectory(), "unmarked.db");
    const theirs = new SqliteDatabase(unmarked);
    theirs.exec("CREATE TABLE run (x)");
    theirs.close();
    const text = path.join(temporaryDirectory(), "notes.txt");
    writeFileSync(text, "not a database, but long enough to look at. ".repeat(10));
    for (const file of [other, unmarked, text]) {
      const before = readFileSync(file);
      await expect(openDatabase(file)).rejects.toThrow(DatabaseRefusedError);
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it("keeps the old version whole when a migration fails", async () => {
    const db = await temporaryDatabase();
    const version = programVersion(readSqliteMigrations()) + 1;
    const broken = { version, name: "9999_broken.sql", sql: "CREATE TABLE half (x) STRICT; CREATE NONSENSE;" };
    expect(() => migrateSqlite(sqliteClient(db), [...readSqliteMigrations(), broken])).toThrow();
    expect(sqliteClient(db).pragma("user_version", { simple: true })).toBe(programVersion(readSqliteMigrations()));
    expect(sqliteClient(db).prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
  });
});

describe("the database of this process", () => {
  afterEach(async () => {
    await closeDatabases();
    vi.unstubAllEnvs();
  });

  it("lies where IQ_DATABASE says, or in .iq of the project", async () => {
    vi.stubEnv("IQ_DATABASE", "/somewhere/x.db");
    expect(databaseAddress()).toBe(path.resolve("/somewhere/x.db"));
    vi.stubEnv("IQ_DATABASE", "");
    expect(databaseAddress()).toBe(path.resolve(".iq/quickstart.db"));
  });

  it("is opened once and holds the shipped data", async () => {
    vi.stubEnv("IQ_DATABASE", freshFile());
    const db = await database();
    expect(await database()).toBe(db);
    expect(await countLoadPoints(db, (await getCurrentRevision(db)).id)).toBeGreaterThan(1000);
  });
});

describe("a reader while somebody writes", () => {
  it("sees the old revision whole, then the new one whole", async () => {
    const file = freshFile();
    const writer = await temporaryDatabase(file);
    await seedShipped(writer, smallData(), NOW);
    const reader = await temporaryDatabase(file);
    const selection = { modelId: "org/small", workloadId: "random-1024-1024" };
    const before = await listRuns(reader, 1, selection);

    sqliteClient(writer).exec("BEGIN IMMEDIATE");
    sqliteClient(writer).exec("INSERT INTO revision VALUES (2, 'now', 'half'); UPDATE run SET retired_in_revision = 2");
    expect((await getCurrentRevision(reader)).id).toBe(1);
    expect(await listRuns(reader, 1, selection)).toEqual(before);
    sqliteClient(writer).exec("ROLLBACK");

    await ingestTexts(writer, {
      "mine.csv": figuresCsv("me", [{ concurrency: 3, outputTokensPerSecond: 9, ttftMs: 9 }]),
    });
    expect((await getCurrentRevision(reader)).id).toBe(2);
    expect(await listRuns(reader, 1, selection)).toEqual(before);
    expect((await listRuns(reader, 2, selection)).length).toBe(before.length + 1);
  });
});
