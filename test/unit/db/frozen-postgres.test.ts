/** A server of PostgreSQL that neither answers nor goes away, on one of its own. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../../db/client";
import { databaseTrouble } from "../../../db/database-trouble";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { startPostgres } from "../../support/postgres-server";
import { rawColumn } from "../../support/raw-sql";

const STATEMENT_LIMIT_MS = 500;
const CONNECT_LIMIT_MS = 500;
/** Both limits, what the client waits beyond them, and a busy machine. */
const LONGEST_ANSWER_MS = 20_000;

/** The process that started another one; `null` where it is gone. */
function parentOf(pid: number): number | null {
  try {
    // The name in parentheses may hold blanks.
    const [, after = ""] = /^\d+ \(.*\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return Number(after);
  } catch {
    return null;
  }
}

/** The server a connection is to: its first process and all that one started. */
function serverProcesses(backend: number): number[] {
  const first = parentOf(backend);
  const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return first === null ? [] : [first, ...all.filter((pid) => parentOf(pid) === first)];
}

describe.runIf(process.env.IQ_TEST_ENGINE === "postgres" && process.platform === "linux")(
  "a PostgreSQL server that hangs",
  () => {
    it("is given up on within the time limits, in words, and asked again when it goes on", {
      timeout: 120_000,
    }, async () => {
      vi.stubEnv("IQ_DATABASE_STATEMENT_TIMEOUT_MS", String(STATEMENT_LIMIT_MS));
      vi.stubEnv("IQ_DATABASE_CONNECT_TIMEOUT_MS", String(CONNECT_LIMIT_MS));
      onTestFinished(() => void vi.unstubAllEnvs());
      const server = await startPostgres();
      onTestFinished(() => server?.stop());
      const db = await openDatabase(server?.url ?? "");
      const [backend] = await rawColumn(db, "SELECT pg_backend_pid()");
      const processes = serverProcesses(Number(backend));
      expect(processes.length).toBeGreaterThan(1);
      for (const pid of processes) process.kill(pid, "SIGSTOP");
      try {
        for (const ask of [() => getCurrentRevision(db), () => db.engine.write(async () => "stored")]) {
          const began = performance.now();
          const said = await ask().then(String, (error: unknown) => databaseTrouble(error));
          expect(said).toMatchObject({ isPassing: true, message: expect.stringMatching(/cannot be reached/) });
          expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
        }
      } finally {
        for (const pid of processes) process.kill(pid, "SIGCONT");
      }
      vi.unstubAllEnvs();
      expect((await getCurrentRevision(db)).id).toBe(0);
      expect(await db.engine.write(async () => "stored")).toBe("stored");
      await db.engine.close();
    });
  },
);
