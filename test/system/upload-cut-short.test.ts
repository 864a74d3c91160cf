/** A server that is told to end while it takes an upload: it ends in time, all of the upload is stored or nothing, and it can be sent again. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { buildProduct, type Product, signalProduct, startProduct } from "../browser/product";
import { freePort } from "../support/free-port";
import { seededDatabase, testFolder, writeFigures } from "./ingest-support";

/** Read and stored in a second or two. */
const ROWS = 8000;

/** By then it has ended, whatever it was about. */
const LONGEST_END_MS = 10_000;

/** Parts of the upload before and after which the server is told, and how long after them. */
const MOMENTS: readonly { isWhole: boolean; waitMs: number }[] = [
  { isWhole: false, waitMs: 200 },
  { isWhole: true, waitMs: 0 },
  { isWhole: true, waitMs: 300 },
  { isWhole: true, waitMs: 700 },
  { isWhole: true, waitMs: 1500 },
];

describe("a web server that is told to end while it takes an upload", () => {
  const { folder } = testFolder();
  const file = path.join(folder, "served.db");
  let product: Product | null = null;
  afterAll(() => signalProduct(product, "SIGKILL"));

  async function started(): Promise<{ address: string; server: Product["process"] }> {
    product = startProduct(file, await freePort());
    return { address: await product.ready, server: product.process };
  }

  /** Sends a report, or only its first half; what came as the answer, `null` where the server broke off. */
  function send(address: string, report: string, isWhole: boolean): Promise<{ status: number; body: string } | null> {
    return new Promise((resolve) => {
      const sending = request(`${address}/api/v1/reports?fileName=mine.csv`, {
        method: "POST",
        headers: { "content-length": Buffer.byteLength(report) },
      });
      sending.on("error", () => resolve(null));
      sending.on("response", (answer) => {
        text(answer).then(
          (body) => resolve({ status: answer.statusCode ?? 0, body }),
          () => resolve(null),
        );
      });
      if (isWhole) sending.end(report);
      else sending.write(report.slice(0, report.length / 2));
    });
  }

  /** What is stored of a source; the file is looked at as another program would. */
  function stored(source: string): { points: number; runs: number; faults: unknown } {
    const client = new SqliteDatabase(file);
    try {
      const count = (what: string) => Number(client.prepare(what).pluck().get(source));
      return {
        points: count("SELECT count(*) FROM load_point JOIN run USING (run_id) WHERE source_name = ?"),
        runs: count("SELECT count(*) FROM run WHERE source_name = ?"),
        faults: client.pragma("integrity_check", { simple: true }),
      };
    } finally {
      client.close();
    }
  }

  it("ends within ten seconds with all of it stored or nothing, and takes it when it is sent again", {
    timeout: 600_000,
  }, async () => {
    await buildProduct();
    await seededDatabase(file);
    let { address, server } = await started();
    for (const [index, { isWhole, waitMs }] of MOMENTS.entries()) {
      const source = `mine-${index}`;
      const csv = path.join(folder, `${source}.csv`);
      const all = { points: ROWS, runs: writeFigures(csv, source, ROWS), faults: "ok" };
      const report = readFileSync(csv, "utf8");

      const sent = send(address, report, isWhole);
      await sleep(waitMs);
      const told = performance.now();
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      expect(performance.now() - told).toBeLessThan(LONGEST_END_MS);
      const answer = await sent;
      const found = stored(source);
      expect([all, { points: 0, runs: 0, faults: "ok" }]).toContainEqual(found);
      if (answer?.status === 200) expect(found).toEqual(all);

      ({ address, server } = await started());
      expect(await send(address, report, true)).toMatchObject({ status: 200 });
      expect(stored(source)).toEqual(all);
    }
  });
});
