import type { Database } from "../../db/client";
import { type ListedWorkload, listWorkloads } from "../../db/queries/list-workloads";
import type { StoredRun } from "../../db/store/commit-ingest";
import type { Workload } from "../../lib/domain";
import { plural } from "../../lib/format";
import { groupBy } from "../../lib/group-by";
import { nearestNames } from "../../lib/nearest-names";

/** Models and workloads of one ingest that are spoken of; the rest is counted. */
const GROUPS_NAMED = 12;
/** Accelerators, models or workloads named in a sentence. */
const NAMES_SHOWN = 3;
/** Lengths that differ by this much are of one workload for most purposes: an answer to offer, not to take. */
const CLOSE = 0.15;
/** A model's name this much like another's may mean it. */
const MODELS_OFFERED = 1;

/**
 * What the runs of an ingest stand beside once they are stored, as sentences, one for each model and workload: how many stored
 * configurations of the same model and workload on which accelerators; where there are none, why, and the one answer that would
 * change it.
 * @param revision the one before the ingest
 */
export async function standBeside(
  db: Database,
  revision: number,
  runs: readonly StoredRun[],
  models: readonly string[],
): Promise<string[]> {
  const fresh = runs.filter((run) => run.newLoadPoints > 0);
  const byModel = groupBy(fresh, (run) => run.configuration.model);
  const sentences: string[] = [];
  let groups = 0;
  for (const [model, ofModel] of byModel) {
    const byWorkload = groupBy(ofModel, (run) => run.workload.workloadId);
    groups += byWorkload.size;
    if (sentences.length >= GROUPS_NAMED) continue;
    const stored = await listWorkloads(db, revision, model);
    for (const [workloadId, members] of byWorkload) {
      const [first] = members;
      if (first === undefined || sentences.length >= GROUPS_NAMED) continue;
      const same = stored.find((entry) => entry.workload.workloadId === workloadId);
      sentences.push(
        same === undefined
          ? `${model} under ${workloadId} stands alone: ${whyAlone(model, first.workload, stored, models)}`
          : `${model} under ${workloadId} stands beside ${plural(same.configurations, "stored configuration")} (${plural(same.loadPoints, "load point")}) on ${named(same.accelerators)}.`,
      );
    }
  }
  const more = groups - sentences.length;
  return more > 0 ? [...sentences, `… and ${plural(more, "more workload")}.`] : sentences;
}

function whyAlone(
  model: string,
  workload: Workload,
  stored: readonly ListedWorkload[],
  models: readonly string[],
): string {
  if (stored.length === 0) {
    const known = models.filter((id) => id !== model);
    const [like] = nearestNames(model, known, MODELS_OFFERED);
    const name = (id: string) => id.slice(id.indexOf("/") + 1).toLowerCase();
    const isLike = like !== undefined && (name(like).includes(name(model)) || name(model).includes(name(like)));
    return isLike
      ? `nothing else of this model is stored. If it is ${like}, --model ${like} sets it beside that.`
      : "nothing else of this model is stored.";
  }
  const { inputTokens, outputTokens } = workload;
  const close = stored.find(
    (entry) => isClose(entry.workload.inputTokens, inputTokens) && isClose(entry.workload.outputTokens, outputTokens),
  );
  if (close === undefined) {
    const others = stored.slice(0, NAMES_SHOWN).map((entry) => entry.workload.workloadId);
    return `stored figures of this model are of other lengths (${others.join(", ")}${stored.length > NAMES_SHOWN ? " …" : ""}).`;
  }
  const answers = [
    ...(close.workload.dataset !== workload.dataset && close.workload.dataset !== null
      ? [`--dataset ${close.workload.dataset}`]
      : []),
    ...(close.workload.inputTokens !== inputTokens ? [`--input-tokens ${close.workload.inputTokens}`] : []),
    ...(close.workload.outputTokens !== outputTokens ? [`--output-tokens ${close.workload.outputTokens}`] : []),
  ];
  const beside = `${plural(close.configurations, "configuration")} on ${named(close.accelerators)}`;
  return answers.length === 0
    ? `the nearest is ${close.workload.workloadId}, under a name of its own (${beside}); --workload ${close.workload.workloadId} sets it beside that.`
    : `the nearest is ${close.workload.workloadId} (${beside}). If it was that, ${answers.join(" ")} sets it beside them.`;
}

function isClose(known: number | null, measured: number | null): boolean {
  return known !== null && measured !== null && Math.abs(known - measured) <= CLOSE * known;
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, NAMES_SHOWN).join(", ");
  return ids.length > NAMES_SHOWN ? `${shown} and ${ids.length - NAMES_SHOWN} more` : shown;
}
