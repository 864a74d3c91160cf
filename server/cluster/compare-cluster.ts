import type { Database } from "../../db/client";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import { listPrices } from "../../db/queries/list-prices";
import { listRuns } from "../../db/queries/list-runs";
import { listWorkloads } from "../../db/queries/list-workloads";
import { answerQuestion } from "../../lib/answer/answer-question";
import { clusterFacts } from "../../lib/cluster/cluster-facts";
import { compareRunning, type RunningComparison } from "../../lib/cluster/compare-running";
import type { KubectlText } from "../../lib/cluster/kubectl-text";
import { type RunningServer, runningServers } from "../../lib/cluster/running-servers";
import { namerOf } from "../../lib/explorer/name-stock";
import { firstWorkload } from "../../lib/selection/first-workload";
import type { Question } from "../../lib/selection/types";

/** A running server, and what was measured of its model under a workload; `null` where nothing was. */
export interface ComparedServer {
  server: RunningServer;
  workloadId: string | null;
  comparison: RunningComparison | null;
}

/** Holds every model server among the objects of a cluster against what was measured of the same model. */
export async function compareCluster(
  db: Database,
  revision: number,
  text: KubectlText,
  asked: { question: Question; workloadId: string | null },
): Promise<ComparedServer[]> {
  const accelerators = await listAccelerators(db, revision);
  const models = await listCatalogueModels(db, revision);
  const prices = await listPrices(db, revision);
  const facts = clusterFacts(text, namerOf(accelerators));
  const compared: ComparedServer[] = [];
  for (const server of runningServers(text.objects, facts, { accelerators, models })) {
    if (!server.configuration.ok) {
      compared.push({ server, workloadId: null, comparison: null });
      continue;
    }
    const running = server.configuration.value;
    const workloads = await listWorkloads(db, revision, running.model);
    const workload = asked.workloadId === null ? firstWorkload(workloads)?.workload.workloadId : asked.workloadId;
    const workloadId = workloads.some((entry) => entry.workload.workloadId === workload) ? (workload ?? null) : null;
    if (workloadId === null) {
      compared.push({ server, workloadId, comparison: null });
      continue;
    }
    const runs = await listRuns(db, revision, { modelId: running.model, workloadId });
    const { ranking } = answerQuestion({ runs, prices, models, accelerators, question: asked.question });
    compared.push({ server, workloadId, comparison: compareRunning(running, ranking) });
  }
  return compared;
}
