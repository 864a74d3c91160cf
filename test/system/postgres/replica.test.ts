/** A server that reads from a second database, which does not follow by itself: it lags from the first ingest on. */
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type Product, signalProduct, startProduct } from "../../browser/product";
import { freePort } from "../../support/free-port";
import { type PostgresServer, startPostgres } from "../../support/postgres-server";
import { figuresCsv } from "../../unit/db/small-data";
import { emptyDatabase, seededDatabase, startIq, testFolder } from "../ingest-support";

const START_TIMEOUT_MS = 400_000;

const MINE = figuresCsv("just-stored-here", [
  { concurrency: 4, outputTokensPerSecond: 170, ttftMs: 60, model: "openai/gpt-oss-120b" },
]);

describe.skipIf(inject("postgresUrl") === null)("a server with a replica", { timeout: 120_000 }, () => {
  const { temporary } = testFolder();
  let primary: PostgresServer | null = null;
  let product: Product | null = null;
  let address = "";

  beforeAll(async () => {
    primary = await startPostgres();
    const url = primary?.url ?? "";
    await seededDatabase(url);
    const replica = await emptyDatabase("");
    const copied = await startIq(url, temporary, ["database", "copy", "--from", url, "--to", replica]).ended;
    expect(copied).toMatchObject({ code: 0 });
    vi.stubEnv("IQ_DATABASE_READ", replica);
    product = startProduct(url, await freePort());
    vi.unstubAllEnvs();
    address = await product.ready;
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    signalProduct(product, "SIGKILL");
    await primary?.stop();
  });

  const text = async (path: string) => {
    const answer = await fetch(`${address}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const send = async () =>
    (await fetch(`${address}/api/v1/reports?fileName=mine.csv`, { method: "POST", body: MINE })).status;

  it("never shows less than what was stored, and shows what the replica has while the primary is away", async () => {
    expect((await text("/runs")).text).not.toContain("just-stored-here");
    expect(await send()).toBe(200);
    expect(JSON.parse((await text("/api/v1/revision")).text)).toMatchObject({ id: 2 });
    expect((await text("/runs")).text).toContain("just-stored-here");

    await primary?.halt();
    for (const path of ["/", "/runs", "/upload", "/api/v1/runs"])
      expect(await text(path)).toMatchObject({ status: 200 });
    expect(JSON.parse((await text("/api/v1/revision")).text)).toMatchObject({ id: 1 });
    expect(await send()).toBe(503);

    await primary?.start();
    await vi.waitUntil(async () => (await text("/runs")).text.includes("just-stored-here"), {
      timeout: 30_000,
      interval: 200,
    });
    expect(JSON.parse((await text("/api/v1/revision")).text)).toMatchObject({ id: 2 });
  });
});
