import { groupBy } from "../../group-by";
import { nominalTokens } from "../../measurement/identity";
import type { ReadPoint, ReadRun } from "../report";

/** Neighbouring means of made-up prompts this close are of one workload: counts vary with the tokenizer and with chance. */
const SYNTHETIC_GAP = 0.05;
/** The same for requests drawn from a data set: a sample of 40 of its requests differs from one of 640 by more. */
const DATASET_GAP = 0.25;
/** Means that differ by this many tokens are of one workload, however short they are. */
const TOKENS_GAP = 1;

/** Names of generators: their prompts have the length they were asked to have. */
const GENERATORS = /^(?:random|synthetic|deterministic|normal|uniform|shared-prefix|generated)/;

type Side = "input" | "output";

const SIDES = {
  input: { nominal: "inputTokens", mean: "inputTokensMean" },
  output: { nominal: "outputTokens", mean: "outputTokensMean" },
} as const;

/**
 * Runs with one workload where they measured one. Lengths that nobody states are taken from measured means, and those of one
 * sweep differ a little from load to load: rounded one by one they fall on both sides of an edge, and no curve forms. Here the
 * runs of one tool and data set whose means are close form a group, and the group's mean gives the nominal lengths of all of it.
 * Points keep their own means. Runs whose lengths are stated, and workloads their source names, are left as they are.
 *
 * Groups are found along each length by its gaps, neighbours in order: O(n log n).
 */
export function withCommonWorkloads(runs: readonly ReadRun[]): ReadRun[] {
  const result = [...runs];
  const open = runs.flatMap((run, index) => (hasMeasuredLength(run) ? [{ run, index }] : []));
  const kinds = groupBy(open, ({ run }) => {
    const stated = (side: Side) => (run.lengthsMeasured?.[side] === true ? null : run.workload[SIDES[side].nominal]);
    return JSON.stringify([run.format, run.workload.dataset, stated("input"), stated("output")]);
  });
  for (const kind of kinds.values()) {
    for (const group of closeTogether(kind)) {
      if (group.length < 2) continue;
      // Runs of one kind measured the same sides, so one look at all points of the group serves each of them.
      const [first] = group;
      const lengths = first === undefined ? {} : commonLengths(first.run, group);
      for (const { run, index } of group) result[index] = { ...run, workload: { ...run.workload, ...lengths } };
    }
  }
  return result;
}

interface OpenRun {
  run: ReadRun;
  index: number;
}

function hasMeasuredLength({ workload, lengthsMeasured }: ReadRun): boolean {
  return workload.workloadId === null && (lengthsMeasured?.input === true || lengthsMeasured?.output === true);
}

function closeTogether(kind: readonly OpenRun[]): OpenRun[][] {
  let groups: OpenRun[][] = [[...kind]];
  // Cut along one length, then along the other, and along the first again: what lay between may be gone.
  for (const side of ["input", "output", "input"] as const) groups = groups.flatMap((group) => cutAtGaps(group, side));
  return groups;
}

function cutAtGaps(group: readonly OpenRun[], side: Side): OpenRun[][] {
  const [first] = group;
  if (first === undefined || first.run.lengthsMeasured?.[side] !== true) return [[...group]];
  const { dataset } = first.run.workload;
  const gap = dataset === null || GENERATORS.test(dataset) ? SYNTHETIC_GAP : DATASET_GAP;
  const ordered = group
    .map((item) => ({ item, mean: weightedMean(item.run.points, SIDES[side].mean) }))
    .sort((a, b) => (a.mean ?? 0) - (b.mean ?? 0) || a.item.index - b.item.index);
  const groups: OpenRun[][] = [];
  let before: number | null | undefined;
  for (const { item, mean } of ordered) {
    const isClose =
      before !== undefined &&
      (before === null || mean === null ? before === mean : mean - before <= Math.max(TOKENS_GAP, gap * before));
    if (isClose) groups.at(-1)?.push(item);
    else groups.push([item]);
    before = mean;
  }
  return groups;
}

function commonLengths(run: ReadRun, group: readonly OpenRun[]): Partial<ReadRun["workload"]> {
  const points = group.flatMap((member) => member.run.points);
  const lengths: Partial<ReadRun["workload"]> = {};
  for (const side of ["input", "output"] as const) {
    if (run.lengthsMeasured?.[side] === true) lengths[SIDES[side].nominal] = nominalLength(points, SIDES[side].mean);
  }
  return lengths;
}

/** The nominal length behind the measured means of points; `null` where none was measured. */
export function nominalLength(
  points: readonly ReadPoint[],
  field: "inputTokensMean" | "outputTokensMean",
): number | null {
  const mean = weightedMean(points, field);
  return mean === null ? null : nominalTokens(mean);
}

/** Mean tokens per request over points, weighted by their completed requests. */
function weightedMean(points: readonly ReadPoint[], field: "inputTokensMean" | "outputTokensMean"): number | null {
  let sum = 0;
  let weights = 0;
  for (const point of points) {
    const mean = point[field];
    if (mean === null) continue;
    const weight = point.requestsCompleted ?? 1;
    sum += mean * weight;
    weights += weight;
  }
  return weights > 0 ? sum / weights : null;
}
