/** What worker threads do with tasks that take too long, that nobody waits for, or that are too many. */
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { ReceivedFile } from "../../server/uploads/received-file";
import { runTask } from "../../server/worker/pool";
import type { TaskOutcome } from "../../server/worker/task-outcome";
import type { TaskOutput } from "../../server/worker/tasks";
import { figuresCsv } from "../unit/db/small-data";
import { emptyDatabase, seededDatabase, testFolder } from "./ingest-support";

const { folder } = testFolder();

const WORDS = { what: "Reading what was sent", wayOut: "Send fewer files at once." };

/** Read and stored in seconds. */
const TABLE = figuresCsv(
  "pool-lab",
  Array.from({ length: 20_000 }, (_, index) => ({
    model: `pool-lab/m-${Math.floor(index / 10)}`,
    concurrency: 2 ** (index % 10),
    outputTokensPerSecond: 40 * 2 ** (index % 10),
    ttftMs: 50 + index,
  })),
);

async function ingest(
  text: string,
  options: { timeLimitMs: number; signal?: AbortSignal; onProgress?: () => void },
): Promise<TaskOutcome<TaskOutput<"ingestUpload">>> {
  const file = await ReceivedFile.open();
  try {
    const region = file.append(Buffer.from(text));
    const input = {
      handle: file.reader,
      files: [{ path: "table.csv", named: true, region }],
      given: {},
      startedWith: null,
      way: "http" as const,
      reason: "ingest table.csv",
      dryRun: false,
      now: new Date(),
      indented: false,
    };
    return await runTask("ingestUpload", input, { ...WORDS, ...options, handedOver: [file.reader] });
  } finally {
    await file.close();
  }
}

beforeAll(async () => {
  process.env.IQ_DATABASE = await seededDatabase(await emptyDatabase(path.join(folder, "pool.db")));
  await database();
});

describe("a task", () => {
  it("whose time is over ends with its limit and the way out, and stores nothing", async () => {
    const before = await getCurrentRevision(await database());
    const outcome = await ingest(TABLE, { timeLimitMs: 1000 });
    expect(outcome).toEqual({
      kind: "refused",
      status: 504,
      error: "Reading what was sent took longer than 1 second and was stopped. Send fewer files at once.",
      retryAfterS: null,
    });
    expect(await getCurrentRevision(await database())).toEqual(before);
  });

  it("nobody waits for any more ends, and stores nothing", async () => {
    const before = await getCurrentRevision(await database());
    const left = new AbortController();
    const outcome = await ingest(TABLE, {
      timeLimitMs: 60_000,
      signal: left.signal,
      onProgress: () => left.abort(),
    });
    expect(outcome).toEqual({ kind: "abandoned" });
    expect(await getCurrentRevision(await database())).toEqual(before);
  });

  it("is done after others were ended", async () => {
    const outcome = await ingest(TABLE, { timeLimitMs: 110_000 });
    expect(outcome.kind).toBe("done");
    const answer: unknown = outcome.kind === "done" ? JSON.parse(Buffer.from(outcome.output.json).toString()) : null;
    expect(answer).toMatchObject({ loadPoints: 20_000, problems: [] });
  });

  it("is refused at once where as many wait as may, and says when to try again", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        runTask("createShare", { query: `model=pool-lab/${index}`, revision: 1 }, { ...WORDS, timeLimitMs: 60_000 }),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.kind === "refused");
    expect(outcomes.filter((outcome) => outcome.kind === "done").length).toBe(120 - refused.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ status: 429, retryAfterS: 15 });
  });
});
