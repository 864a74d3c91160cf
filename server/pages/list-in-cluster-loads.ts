import type { Database } from "../../db/client";
import { answerQuestion } from "../../lib/answer/answer-question";
import type { Accelerator, Model, Price } from "../../lib/catalogue/catalogue";
import type { Configuration, Run, Workload } from "../../lib/domain";
import {
  type ComparedLoad,
  isInCluster,
  predictedMeasured,
  sameButVersion,
} from "../../lib/explorer/predicted-measured";
import { IN_CLUSTER_SOURCE_NAME } from "../../lib/ingest/facts/facts";
import type { Question } from "../../lib/selection/types";
import { keptRuns } from "./kept-runs";

/**
 * What benchmarks in the cluster measured of a configuration (in whatever version of its server was deployed) under a
 * workload, beside what its other runs predict; empty where there is none or nothing to predict from.
 */
export async function listInClusterLoads(
  db: Database,
  revision: number,
  asked: {
    configuration: Configuration;
    workload: Workload;
    /** Of the configuration under the workload. */
    runs: readonly Run[];
    question: Question;
    prices: readonly Price[];
    models: readonly Model[];
    accelerators: readonly Accelerator[];
  },
): Promise<ComparedLoad[]> {
  const { configuration, workload } = asked;
  const measured = await keptRuns(db, revision, {
    modelId: configuration.model,
    workloadId: workload.workloadId,
    sourceName: IN_CLUSTER_SOURCE_NAME,
  });
  const deployed = measured.filter((run) => sameButVersion(run.configuration, configuration));
  const others = asked.runs.filter((run) => !isInCluster(run));
  if (deployed.length === 0 || others.length === 0) return [];
  const { curves, ranking } = answerQuestion({ ...asked, runs: others });
  const curve = ranking.ranked[0]?.curve ?? curves[0];
  return curve === undefined ? [] : predictedMeasured(curve, deployed);
}
