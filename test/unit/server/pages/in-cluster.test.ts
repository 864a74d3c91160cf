import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Database } from "../../../../db/client";
import { getCurrentRevision } from "../../../../db/queries/get-revision";
import { listRuns } from "../../../../db/queries/list-runs";
import { parseExplorerQuery } from "../../../../lib/params/explorer-params";
import { getConfigurationPage } from "../../../../server/pages/get-configuration-page";
import { ingestTexts, seededDatabase } from "../../db/small-data";
import { fileIn } from "../../manifests/read-bundle";

const BENCHMARK = path.resolve(import.meta.dirname, "../../../fixtures/reports/inference-perf/concurrent");
const STAGES = ["stage_0_lifecycle_metrics.json", "stage_1_lifecycle_metrics.json"];
const QUERY = parseExplorerQuery({ workload: "random-1024-1024" }).query;

async function pageOf(db: Database, configurationId: string) {
  const page = await getConfigurationPage(db, await getCurrentRevision(db), {
    configurationId,
    query: QUERY,
    asked: { benchmarkJob: true },
  });
  if (page === null) throw new Error(`no page of ${configurationId}`);
  return page;
}

describe("the benchmark Job of a manifest", () => {
  it("brings a report that stands beside what was predicted", async () => {
    const db = await seededDatabase();
    const runs = await listRuns(db, 1, { modelId: "org/small", workloadId: "random-1024-1024" });
    const configuration = runs.find((run) => run.configuration.accelerator === "h100-sxm-80gb")?.configuration;
    const before = await pageOf(db, configuration?.configurationId ?? "");
    expect(before.inCluster).toEqual([]);
    if (!before.manifest.ok) throw new Error(before.manifest.error);
    const facts = fileIn(before.manifest.value.yaml, "-bench", "iq.yaml");
    expect(parse(facts)).toMatchObject({ source_name: "in-cluster" });

    const stages = STAGES.map((name) => [`results/${name}`, readFileSync(path.join(BENCHMARK, name), "utf8")]);
    const outcome = await ingestTexts(db, { ...Object.fromEntries(stages), "results/iq.yaml": facts });
    expect(outcome.problems).toEqual([]);
    const after = await pageOf(db, before.configuration.configurationId);
    expect(after.inCluster.map((load) => [load.label, load.basis])).toEqual([
      ["8 in flight", "measured"],
      ["32 in flight", "interpolated"],
    ]);
    const [eight] = after.inCluster;
    expect(eight?.figures.map((figure) => figure.label)).toEqual(["Output tokens/s", "TTFT p50", "TPOT p50"]);
    expect(eight?.figures[0]?.predicted).toBe(350);
  });
});
