import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import SqliteFile from "better-sqlite3";
import { afterAll, inject } from "vitest";
import { z } from "zod";
import { openDatabase, shippedDataDirectory } from "../../db/client";
import { isPostgresAddress } from "../../db/postgres/is-postgres-address";
import { shipped } from "../../db/schema";
import { seedShipped } from "../../db/store/seed-shipped";
import { createDatabase, databaseName, dropDatabase } from "../support/postgres-databases";
import { seedWhole } from "../support/seeded-file";
import { figuresCsv } from "../unit/db/small-data";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** A folder for the tests of one file, removed after them; child processes have their temporary files in it as well. */
export function testFolder(): { folder: string; temporary: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-strength-"));
  const temporary = path.join(folder, "tmp");
  mkdirSync(temporary);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return { folder, temporary };
}

/** A database with the shipped data, as after a first start. @param address a file, or that of {@link emptyDatabase} */
export async function seededDatabase(address: string): Promise<string> {
  if (!isPostgresAddress(address)) return copyDatabase(inject("seededFile"), address);
  const template = inject("postgresSeeded");
  const server = inject("postgresUrl") ?? "";
  // A server that a test has started for itself has no database to copy.
  if (template === null || new URL(address).host !== new URL(server).host) await seedWhole(address);
  else {
    const name = new URL(address).pathname.slice(1);
    await dropDatabase(server, name);
    await createDatabase(server, name, template);
  }
  return address;
}

/** Of the shipped figures, enough for a database that has some. */
const FEW_FIGURES = "inferencex-app-tpu";

/**
 * A database whose shipped figures are a handful, though it says that it has them all: processes that open it add none. For tests
 * that ask again and again whether a whole database is sound, which takes as long as the database is large.
 */
export async function lightDatabase(address: string): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), "iq-few-"));
  const db = await openDatabase(address);
  try {
    cpSync(shippedDataDirectory(), directory, {
      recursive: true,
      filter: (file) => path.basename(path.dirname(file)) !== "figures" || path.basename(file).startsWith(FEW_FIGURES),
    });
    const { revision } = await seedShipped(db, directory, new Date());
    const whole = new SqliteFile(inject("seededFile"), { readonly: true });
    const { sha256 } = z.object({ sha256: z.string() }).parse(whole.prepare("SELECT sha256 FROM shipped").get());
    whole.close();
    await db.insert(shipped).values({ sha256, revision });
  } finally {
    await db.engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return address;
}

/** Whether the tests of this set are about PostgreSQL. */
export const isPostgres = process.env.IQ_TEST_ENGINE === "postgres";

/** Databases made on the server for the tests of one file, dropped after them. */
const onServer: string[] = [];

afterAll(async () => {
  for (const name of onServer.splice(0)) await dropDatabase(inject("postgresUrl") ?? "", name);
});

/** Address of a database with empty tables of the engine the set is about. @param file where it is, of SQLite */
export async function emptyDatabase(file: string): Promise<string> {
  if (!isPostgres) return file;
  const name = databaseName();
  onServer.push(name);
  return createDatabase(inject("postgresUrl") ?? "", name, inject("postgresTemplate"));
}

/** A copy of a database nobody has open. @param file where it is, of SQLite */
export async function copyOf(template: string, file: string): Promise<string> {
  if (!isPostgres) return copyDatabase(template, file);
  const name = databaseName();
  onServer.push(name);
  return createDatabase(inject("postgresUrl") ?? "", name, new URL(template).pathname.slice(1));
}

export function copyDatabase(from: string, to: string): string {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${to}${suffix}`, { force: true });
  copyFileSync(from, to);
  return to;
}

/** Writes figures of one source, ten loads to a run, and returns how many runs they are. */
export function writeFigures(file: string, source: string, rows: number): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const text = figuresCsv(
    source,
    Array.from({ length: rows }, (_, index) => ({
      model: `example-org/${source}-${Math.floor(index / 10)}`,
      concurrency: 2 ** (index % 10),
      outputTokensPerSecond: 40 * 2 ** (index % 10),
      ttftMs: 50 + index,
    })),
  );
  writeFileSync(file, text);
  return Math.ceil(rows / 10);
}

/** Temporary files of ours that lie in a folder. */
export function leftBehind(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("inference-quickstart-"));
}

export interface Command {
  process: ChildProcess;
  /** What it printed so far. */
  stdout(): string;
  stderr(): string;
  ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

/** Starts `iq` as a person would. @param peakFile takes the most memory the process had, in bytes */
export function startIq(database: string, temporary: string, args: readonly string[], peakFile?: string): Command {
  const peak = peakFile === undefined ? [] : ["--import", path.join(ROOT, "test/bench/peak-memory.mjs")];
  const child = spawn(process.execPath, [...peak, "scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      IQ_DATABASE: database,
      TMPDIR: temporary,
      ...(peakFile === undefined ? {} : { PEAK_MEMORY_FILE: peakFile }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    chunks.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    chunks.stderr += String(chunk);
  });
  const ended = new Promise<Awaited<Command["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...chunks }));
  });
  return { process: child, stdout: () => chunks.stdout, stderr: () => chunks.stderr, ended };
}
