import { describe, expect, it } from "vitest";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { getShare } from "../../../db/queries/get-share";
import { listPrices } from "../../../db/queries/list-prices";
import { listRuns } from "../../../db/queries/list-runs";
import { createShare } from "../../../db/store/create-share";
import { DEFAULT_QUESTION } from "../../../lib/answer/answer";
import { answerQuestion } from "../../../lib/answer/answer-question";
import { figuresCsv, ingestTexts, seededDatabase, temporaryDatabase } from "./small-data";

const QUERY = "model=org/small&slo=ttft:p50:500";

describe("a share link", () => {
  it("has one short slug for the same query at the same revision", async () => {
    const db = await seededDatabase();
    const slug = await createShare(db, QUERY, 1);
    expect(slug).toMatch(/^[1-9A-HJ-NP-Za-km-z]{10}$/);
    expect(await createShare(db, QUERY, 1)).toBe(slug);
    expect(await createShare(db, `${QUERY}&qps=1`, 1)).not.toBe(slug);
    expect(await createShare(db, QUERY, 0)).not.toBe(slug);
    expect(await getShare(db, slug)).toMatchObject({ slug, query: QUERY, revision: 1 });
    expect(await getShare(db, "nothing")).toBeNull();
  });

  it("cannot pin a revision that does not exist", async () => {
    const db = await temporaryDatabase();
    await expect(createShare(db, QUERY, 7)).rejects.toThrow();
  });

  it("shows the same answer after new data changed it", async () => {
    const db = await seededDatabase();
    const slug = await createShare(db, QUERY, (await getCurrentRevision(db)).id);
    const answer = async (revision: number) =>
      answerQuestion({
        runs: await listRuns(db, revision, { modelId: "org/small", workloadId: "random-1024-1024" }),
        prices: await listPrices(db, revision),
        models: [],
        accelerators: [],
        question: { ...DEFAULT_QUESTION, slos: [{ metric: "ttft", statistic: "p50", limitMs: 500 }] },
      }).ranking.ranked[0]?.operatingPoint.outputTokensPerSecond;

    expect(await answer(1)).toBe(2000);
    const faster = figuresCsv("me", [{ concurrency: 64, outputTokensPerSecond: 3000, ttftMs: 300 }]);
    await ingestTexts(db, { "mine.csv": faster.replaceAll("0.11.0", "0.12.0") });
    expect(await answer((await getCurrentRevision(db)).id)).toBe(3000);
    const share = await getShare(db, slug);
    expect(await answer(share?.revision ?? 0)).toBe(2000);
  });
});
