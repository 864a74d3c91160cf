/** Two web servers on one database. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { type Product, signalProduct, startProduct } from "../../browser/product";
import { freePort } from "../../support/free-port";
import { figuresCsv } from "../../unit/db/small-data";
import { emptyDatabase, seededDatabase } from "../ingest-support";

const START_TIMEOUT_MS = 400_000;

const Revision = z.object({ id: z.number() });
const RunList = z.object({ total: z.number() });

const products: Product[] = [];
let addresses: string[] = [];

beforeAll(async () => {
  if (inject("postgresUrl") === null) return;
  const database = await seededDatabase(await emptyDatabase(""));
  for (let count = 0; count < 2; count++) {
    const product = startProduct(database, await freePort());
    products.push(product);
    addresses = [...addresses, await product.ready];
  }
}, START_TIMEOUT_MS);

afterAll(() => {
  for (const product of products) signalProduct(product, "SIGKILL");
});

async function text(server: number, path: string): Promise<string> {
  return (await fetch(`${addresses[server]}${path}`)).text();
}

async function revision(server: number): Promise<number> {
  return Revision.parse(JSON.parse(await text(server, "/api/v1/revision"))).id;
}

/** How many runs there are. */
async function runs(server: number): Promise<number> {
  return RunList.parse(JSON.parse(await text(server, "/api/v1/runs?limit=1"))).total;
}

async function send(server: number, source: string): Promise<number> {
  const body = figuresCsv(source, [
    { concurrency: 4, outputTokensPerSecond: 170, ttftMs: 60, model: "openai/gpt-oss-120b" },
  ]);
  return (await fetch(`${addresses[server]}/api/v1/reports?fileName=mine.csv`, { method: "POST", body })).status;
}

describe.skipIf(inject("postgresUrl") === null)("two servers on one database", { timeout: 120_000 }, () => {
  it("each see at once what was stored through the other, on pages already asked for as well", async () => {
    const before = await revision(0);
    for (const server of [0, 1]) expect(await text(server, "/runs")).not.toMatch(/through-the-(first|second)/);
    expect(await send(0, "through-the-first")).toBe(200);
    expect(await revision(1)).toBe(before + 1);
    expect(await text(1, "/runs")).toContain("through-the-first");
    expect(await send(1, "through-the-second")).toBe(200);
    expect(await revision(0)).toBe(before + 2);
    expect(await text(0, "/runs")).toContain("through-the-second");
  });

  it("number revisions without a gap when both store at once", async () => {
    const [before, stored] = [await revision(0), await runs(1)];
    const sent = await Promise.all(Array.from({ length: 6 }, (_, index) => send(index % 2, `at-once-${index}`)));
    expect(sent).toEqual([200, 200, 200, 200, 200, 200]);
    expect([await revision(0), await revision(1)]).toEqual([before + 6, before + 6]);
    expect([await runs(0), await runs(1)]).toEqual([stored + 6, stored + 6]);
  });
});
