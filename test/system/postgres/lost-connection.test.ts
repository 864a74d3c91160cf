/** The database goes away and comes back while the server is asked; on a server of PostgreSQL of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Product, signalProduct, startProduct } from "../../browser/product";
import { freePort } from "../../support/free-port";
import { onPostgres } from "../../support/postgres-databases";
import { type PostgresServer, startPostgres } from "../../support/postgres-server";
import { figuresCsv } from "../../unit/db/small-data";

/** Nobody is left without an answer for longer. */
const LONGEST_ANSWER_MS = 10_000;

/** With the database there, on a busy machine. */
const PATIENCE_MS = 60_000;

const START_TIMEOUT_MS = 400_000;

const PATHS = ["/", "/upload", "/method", "/api/v1/revision", "/api/v1/runs"];

const ROWS = 3000;

let postgres: PostgresServer | null = null;
let product: Product | null = null;
let address = "";

beforeAll(async () => {
  if (inject("postgresUrl") === null) return;
  postgres = await startPostgres();
  product = startProduct(postgres?.url ?? "", await freePort());
  address = await product.ready;
}, START_TIMEOUT_MS);

afterAll(async () => {
  signalProduct(product, "SIGKILL");
  await postgres?.stop();
});

async function ask(
  path: string,
  limitMs = PATIENCE_MS,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const answer = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(limitMs) });
  return { status: answer.status, retryAfter: answer.headers.get("retry-after"), text: await answer.text() };
}

function figures(source: string): string {
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    concurrency: index + 1,
    outputTokensPerSecond: 40 * (index + 1),
    ttftMs: 50,
    model: "openai/gpt-oss-120b",
  }));
  return figuresCsv(source, rows);
}

async function send(csv: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${address}/api/v1/reports?fileName=mine.csv`, { method: "POST", body: csv });
  return { status: answer.status, text: await answer.text() };
}

/** Asks until the server answers well again. */
async function untilWell(): Promise<void> {
  for (;;) {
    const answers = await Promise.all(PATHS.map((path) => ask(path)));
    if (answers.every(({ status }) => status === 200)) return;
    await sleep(100);
  }
}

async function storedPoints(source: string): Promise<number> {
  const { rows } = await onPostgres(postgres?.url ?? "", (client) =>
    client.query<{ points: number }>(
      "SELECT count(*)::int AS points FROM load_point JOIN run USING (run_id) WHERE source_name = $1",
      [source],
    ),
  );
  return rows[0]?.points ?? 0;
}

describe.skipIf(inject("postgresUrl") === null)("a server whose database goes away", { timeout: 240_000 }, () => {
  it("says so to everybody within seconds, and answers again as soon as it is back", async () => {
    for (const path of PATHS) expect(await ask(path)).toMatchObject({ status: 200 });
    let isAsked = true;
    const statuses = new Set<number>();
    const load = Array.from({ length: 4 }, async (_, client) => {
      for (let turn = client; isAsked; turn++) statuses.add((await ask(PATHS[turn % PATHS.length] ?? "/")).status);
    });
    await postgres?.halt();
    for (const path of PATHS) {
      const { status, retryAfter, text } = await ask(path, LONGEST_ANSWER_MS);
      expect(status, path).toBe(503);
      expect(Number(retryAfter)).toBeGreaterThan(0);
      expect(text).toContain("The database cannot be reached at the moment. Nothing is lost; try again");
      expect(text).not.toContain("127.0.0.1");
      if (path.startsWith("/api/")) expect(JSON.parse(text)).toEqual({ error: expect.any(String) });
      else expect(text).toContain("</html>");
    }
    const refused = await send(figures("away"));
    expect(refused).toMatchObject({ status: 503, text: expect.stringMatching(/cannot be reached/) });
    await postgres?.start();
    await untilWell();
    isAsked = false;
    await Promise.all(load);
    // In between nobody got anything else: no error of the program, no answer without end.
    expect([...statuses].sort()).toEqual([200, 503]);
    expect(await send(figures("away"))).toMatchObject({ status: 200 });
    expect(await storedPoints("away")).toBe(ROWS);
  });

  it("stores all of an ingest or nothing where it goes away in the middle of it", async () => {
    for (const [index, waitMs] of [100, 700].entries()) {
      const source = `middle-${index}`;
      const sending = send(figures(source));
      await sleep(waitMs);
      await postgres?.halt();
      const { status, text } = await sending;
      expect([200, 503]).toContain(status);
      if (status === 503) expect(text).toMatch(/cannot be reached/);
      await postgres?.start();
      await untilWell();
      // The connection may be lost after the commit and before anybody heard of it: then all of it is stored.
      expect(status === 200 ? [ROWS] : [0, ROWS]).toContain(await storedPoints(source));
      expect(await send(figures(source))).toMatchObject({ status: 200 });
      expect(await storedPoints(source)).toBe(ROWS);
    }
  });
});
