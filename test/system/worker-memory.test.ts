/** What becomes of a task that needs more memory than a worker thread may have. */
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { ReceivedFile } from "../../server/uploads/received-file";
import { runTask } from "../../server/worker/pool";
import { figuresCsv } from "../unit/db/small-data";
import { testFolder } from "./ingest-support";

const { folder } = testFolder();

const MEMORY_MIB = 96;

async function ingestRows(rows: number) {
  const text = figuresCsv(
    "memory-lab",
    Array.from({ length: rows }, (_, index) => ({
      model: `memory-lab/m-${Math.floor(index / 10)}`,
      concurrency: 2 ** (index % 10),
      outputTokensPerSecond: 40 * 2 ** (index % 10),
      ttftMs: 50 + index,
    })),
  );
  const file = await ReceivedFile.open();
  try {
    const region = file.append(Buffer.from(text));
    const files = [{ path: "table.csv", named: true, region }];
    const way = "http" as const;
    const asked = {
      given: {},
      startedWith: null,
      way,
      reason: "ingest",
      dryRun: false,
      now: new Date(),
      indented: false,
    };
    const words = { what: "Reading what was sent", wayOut: "Send fewer files at once.", timeLimitMs: 120_000 };
    const input = { handle: file.reader, files, ...asked };
    return await runTask("ingestUpload", input, { ...words, handedOver: [file.reader] });
  } finally {
    await file.close();
  }
}

beforeAll(async () => {
  process.env.IQ_DATABASE = path.join(folder, "memory.db");
  process.env.IQ_WORKER_MEMORY_MIB = String(MEMORY_MIB);
  await database();
});

describe("a task that needs more memory than it may have", () => {
  it("ends with what that is and the way out, stores nothing, and the next one is done", async () => {
    const before = await getCurrentRevision(await database());
    expect(await ingestRows(80_000)).toEqual({
      kind: "refused",
      status: 503,
      error: `Reading what was sent needed more than ${MEMORY_MIB} MiB of memory and was stopped. Send fewer files at once.`,
      retryAfterS: null,
    });
    expect(await getCurrentRevision(await database())).toEqual(before);
    expect((await ingestRows(100)).kind).toBe("done");
  });
});
