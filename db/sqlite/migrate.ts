import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";
import { DatabaseRefusedError } from "../database-refused";
import { type Migration, readMigrations } from "../read-migrations";

/** "IQST" as SQLite's application id: tells our files from other programs' SQLite files. */
const APPLICATION_ID = 0x49515354;

const SQLITE_MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const USER_VERSION_OFFSET = 60;
const APPLICATION_ID_OFFSET = 68;

/** The SQL files of db/migrations/sqlite in order. */
export function readSqliteMigrations(): Migration[] {
  return readMigrations("sqlite");
}

/** Version this program's migrations lead to. */
export function programVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function refuse(file: string, version: number, applicationId: number, known: number): void {
  if (applicationId !== APPLICATION_ID && !(applicationId === 0 && version === 0)) {
    if (version <= known) refuseOtherProgram(file);
  }
  if (version > known) {
    throw new DatabaseRefusedError(
      `${file} was written by a newer version of Inference Quickstart (database version ${version}, this program knows ${known}). ` +
        "Update the program, or name another file in IQ_DATABASE; this one was not touched.",
    );
  }
}

function refuseOtherProgram(file: string): never {
  throw new DatabaseRefusedError(
    `${file} is a SQLite file of another program. Name another file in IQ_DATABASE; this one was not touched.`,
  );
}

function hasTables(client: SqliteDatabase.Database): boolean {
  return client.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() !== undefined;
}

/**
 * Looks at a database file before SQLite may write to it: a file of a newer program, of another program, or that
 * is no SQLite file at all is refused with its bytes as they were. A file that does not exist or is empty is fine.
 * @throws DatabaseRefusedError
 */
export function refuseForeignDatabase(file: string, known: number): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, "r");
  try {
    readSync(handle, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(handle);
  }
  if (header.toString("latin1", 0, SQLITE_MAGIC.length) !== SQLITE_MAGIC) {
    throw new DatabaseRefusedError(
      `${file} is not a SQLite database. Name another file in IQ_DATABASE; this one was not touched.`,
    );
  }
  const version = header.readUInt32BE(USER_VERSION_OFFSET);
  const applicationId = header.readUInt32BE(APPLICATION_ID_OFFSET);
  refuse(file, version, applicationId, known);

  // After a crash the newest header may still stand in the write-ahead log, and most programs leave both numbers at 0: then
  // what is in the file tells. A read-only handle sees it and writes nothing.
  const log = `${file}-wal`;
  const isUnmarked = version === 0 && applicationId === 0;
  if (isUnmarked || (existsSync(log) && statSync(log).size > 0)) {
    const reader = new SqliteDatabase(file, { readonly: true });
    try {
      const newestVersion = pragmaNumber(reader, "user_version");
      refuse(file, newestVersion, pragmaNumber(reader, "application_id"), known);
      if (newestVersion === 0 && hasTables(reader)) refuseOtherProgram(file);
    } finally {
      reader.close();
    }
  }
}

function pragmaNumber(client: SqliteDatabase.Database, name: string): number {
  return Number(client.pragma(name, { simple: true }));
}

/** Runs the migrations the database has not seen, all in one transaction: a crash leaves the old version whole. */
export function migrateSqlite(client: SqliteDatabase.Database, migrations: readonly Migration[]): void {
  const known = programVersion(migrations);
  if (pragmaNumber(client, "user_version") === known) return;
  client
    .transaction(() => {
      // Asked again inside: another process may have migrated while this one waited for the lock.
      const version = pragmaNumber(client, "user_version");
      for (const migration of migrations) {
        if (migration.version > version) client.exec(migration.sql);
      }
      client.pragma(`application_id = ${APPLICATION_ID}`);
      client.pragma(`user_version = ${known}`);
    })
    .immediate();
}
