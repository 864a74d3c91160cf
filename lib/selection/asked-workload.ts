import { compareText } from "../compare-text";
import type { WorkloadFacts } from "../domain";
import { formatCount, formatNumber, formatPercent } from "../format";
import { isOffline } from "./first-workload";

/** The requests a reader has, in their own figures. */
export interface AskedWorkload {
  /** Mean tokens of a request; `null` = any. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Share of the input that is there from before (a shared prefix, earlier turns), 0…1; `null` = not said. */
  cachedInputShare: number | null;
  /** Requests of one conversation; `null` = not said. */
  turns: number | null;
}

/** Nothing said: any workload will do. */
export const ANY_WORKLOAD: AskedWorkload = {
  inputTokens: null,
  outputTokens: null,
  cachedInputShare: null,
  turns: null,
};

export function isAnyWorkload({ inputTokens, outputTokens, cachedInputShare, turns }: AskedWorkload): boolean {
  return inputTokens === null && outputTokens === null && cachedInputShare === null && turns === null;
}

/** Lengths within a twentieth of what is asked are the same: tokenizers differ by more. */
const SAME_RATIO = 1.05;
/** Prompts that share nothing for prompts that do, or the other way: as far off as twice the length. */
const REUSE_DISTANCE = Math.LN2;
/** Lengths nobody stated may be anything. */
const UNKNOWN_DISTANCE = Math.log(16);

/** Data sets whose requests begin with what the server has seen before. */
const REUSING = /shared-prefix|multi-?turn|agentic|conversation/i;

/** True where the requests of a workload share a prefix or are turns of one conversation. */
export function reusesInput({ dataset }: Pick<WorkloadFacts, "dataset">): boolean {
  return REUSING.test(dataset ?? "");
}

function asksReuse({ cachedInputShare, turns }: AskedWorkload): boolean {
  return (cachedInputShare ?? 0) > 0 || (turns ?? 1) > 1;
}

function lengthDistance(asked: number | null, measured: number | null): number {
  if (asked === null) return 0;
  return measured === null ? UNKNOWN_DISTANCE : Math.abs(Math.log(measured / asked));
}

/** How far a measured workload is from what is asked, in logarithms of lengths: 0 = the same. */
function distance(workload: WorkloadFacts, asked: AskedWorkload): number {
  const reuse = isReuseSaid(asked) && asksReuse(asked) !== reusesInput(workload) ? REUSE_DISTANCE : 0;
  return (
    lengthDistance(asked.inputTokens, workload.inputTokens) +
    lengthDistance(asked.outputTokens, workload.outputTokens) +
    reuse
  );
}

function isReuseSaid({ cachedInputShare, turns }: AskedWorkload): boolean {
  return cachedInputShare !== null || turns !== null;
}

function lengthDifference(what: string, asked: number | null, measured: number | null): string[] {
  if (asked === null) return [];
  if (measured === null) return [`${what} of no stated length instead of ${formatCount(asked)} tokens`];
  const ratio = measured / asked;
  if (Math.max(ratio, 1 / ratio) <= SAME_RATIO) return [];
  const how = ratio > 1 ? `${formatNumber(ratio)} × as long` : `${formatPercent(ratio)} as long`;
  return [`${what} of ${formatCount(measured)} instead of ${formatCount(asked)} tokens, ${how}`];
}

/** What a measured workload has otherwise than what is asked, each as a clause; empty where it is the same. */
export function workloadDifferences(workload: WorkloadFacts, asked: AskedWorkload): string[] {
  const differences = [
    ...lengthDifference("prompts", asked.inputTokens, workload.inputTokens),
    ...lengthDifference("answers", asked.outputTokens, workload.outputTokens),
  ];
  if (!isReuseSaid(asked)) return differences;
  const wanted = [
    (asked.cachedInputShare ?? 0) > 0 ? `${formatPercent(asked.cachedInputShare ?? 0)} of the input from cache` : null,
    (asked.turns ?? 1) > 1 ? `${formatCount(asked.turns ?? 1)} turns` : null,
  ].filter((part) => part !== null);
  if (asksReuse(asked) && !reusesInput(workload)) {
    differences.push(
      `prompts that share nothing instead of ${wanted.join(" and ")}: yours come to their first token sooner`,
    );
  } else if (asksReuse(asked)) {
    differences.push(`prompts that share a part nobody stated instead of ${wanted.join(" and ")}`);
  } else if (reusesInput(workload)) {
    differences.push("prompts that share a part, yours share nothing: they come to their first token later");
  }
  return differences;
}

/** A measured workload beside what is asked. */
export interface NearWorkload<T> {
  entry: T;
  /** What it has otherwise; empty = it is what was asked. */
  differences: string[];
}

/**
 * Measured workloads by how near they come to what is asked: by the ratios of their lengths and whether input is shared, those
 * that were served to clients before offline batches, then most data first. The order of equals is that of the input.
 */
export function nearestWorkloads<T extends { workload: WorkloadFacts & { workloadId: string } }>(
  entries: readonly T[],
  asked: AskedWorkload,
): NearWorkload<T>[] {
  return entries
    .map((entry, index) => ({ entry, index, far: distance(entry.workload, asked) }))
    .sort(
      (a, b) =>
        Number(isOffline(a.entry.workload)) - Number(isOffline(b.entry.workload)) ||
        a.far - b.far ||
        a.index - b.index ||
        compareText(a.entry.workload.workloadId, b.entry.workload.workloadId),
    )
    .map(({ entry }) => ({ entry, differences: workloadDifferences(entry.workload, asked) }));
}

/** `2,000 in, 300 out tokens, 50% from cache, 4 turns`: what is asked, as a person reads it. */
export function askedWorkloadText({ inputTokens, outputTokens, cachedInputShare, turns }: AskedWorkload): string {
  const lengths = [
    inputTokens === null ? null : `${formatCount(inputTokens)} in`,
    outputTokens === null ? null : `${formatCount(outputTokens)} out`,
  ].filter((part) => part !== null);
  return [
    lengths.length === 0 ? null : `${lengths.join(", ")} tokens`,
    cachedInputShare === null ? null : `${formatPercent(cachedInputShare)} from cache`,
    turns === null ? null : `${formatCount(turns)} ${turns === 1 ? "turn" : "turns"}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}
