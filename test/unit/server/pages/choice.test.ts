import { describe, expect, it } from "vitest";
import { listAccelerators } from "../../../../db/queries/list-accelerators";
import { listModels } from "../../../../db/queries/list-models";
import { listPrices } from "../../../../db/queries/list-prices";
import { listRuns } from "../../../../db/queries/list-runs";
import { DEFAULT_QUESTION } from "../../../../lib/answer/answer";
import { answerQuestion } from "../../../../lib/answer/answer-question";
import type { Question } from "../../../../lib/selection/types";
import { getChoice } from "../../../../server/pages/get-choice";
import { seededDatabase } from "../../db/small-data";

const QUESTION: Question = {
  ...DEFAULT_QUESTION,
  slos: [{ metric: "ttft", statistic: "p50", limitMs: 200 }],
  demand: { kind: "requests", requestsPerSecond: 3 },
};

describe("a choice", () => {
  it("is the operating point the ranking gives the same configuration", async () => {
    const db = await seededDatabase();
    const { ranking } = answerQuestion({
      runs: await listRuns(db, 1, { modelId: "org/small", workloadId: "random-1024-1024" }),
      prices: await listPrices(db, 1),
      models: (await listModels(db, 1)).map((entry) => entry.model),
      accelerators: await listAccelerators(db, 1),
      question: QUESTION,
    });
    expect(ranking.ranked).toHaveLength(2);
    for (const entry of ranking.ranked) {
      const request = { question: QUESTION, options: { platform: "gke" as const }, shareUrl: null, workloadId: null };
      const { configurationId } = entry.curve.configuration;
      const answer = await getChoice(db, 1, { ...request, configurationId });
      expect(answer).toMatchObject({
        ok: true,
        value: {
          choice: {
            operatingPoint: entry.operatingPoint,
            cost: entry.cost,
            capacity: entry.capacity,
            workload: { workloadId: "random-1024-1024" },
            model: { id: "org/small" },
            sources: [{ name: "alpha" }],
            runIds: entry.curve.runIds,
            revision: 1,
          },
        },
      });
    }
  });

  it("is refused with the reason where there is none", async () => {
    const db = await seededDatabase();
    const runs = await listRuns(db, 1, { modelId: "org/small", workloadId: "random-1024-1024" });
    const configurationId = runs[0]?.configuration.configurationId ?? "";
    const request = {
      configurationId,
      workloadId: null,
      question: QUESTION,
      options: { platform: "gke" as const },
      shareUrl: null,
    };
    const impossible = { ...QUESTION, slos: [{ metric: "ttft" as const, statistic: "p50" as const, limitMs: 1 }] };
    for (const wrong of [
      { ...request, configurationId: "nothing" },
      { ...request, workloadId: "other" },
      { ...request, question: impossible },
    ]) {
      const answer = await getChoice(db, 1, wrong);
      expect(answer.ok).toBe(false);
    }
    expect(await getChoice(db, 0, request)).toMatchObject({ ok: false });
  });
});
