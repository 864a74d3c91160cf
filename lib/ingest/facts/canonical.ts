import type { GivenFacts, ReadPoint, ReadRun } from "../report";
import { nominalLength } from "./common-workloads";

/** The data set of prompts that are made up to have a length. */
const MADE_UP = "random";

/**
 * The workload of a run. Nominal lengths are as stated, else from the measured means (`lengthsMeasured` says which); a workload its
 * source names keeps only what is given. Stated lengths without a data set are those of made-up prompts: real ones have the
 * lengths they have (`isAssumed`).
 */
export function workloadOf(
  facts: GivenFacts,
  points: readonly ReadPoint[],
): { workload: ReadRun["workload"]; lengthsMeasured: { input: boolean; output: boolean }; isAssumed: boolean } {
  const workloadId = facts.workloadId ?? null;
  const named = workloadId === null ? null : /^(.+)-(\d+)-(\d+)$/.exec(workloadId);
  const dataset =
    facts.dataset
      ?.trim()
      .toLowerCase()
      .replace(/[\s_]+/g, "-") ?? null;
  const isAssumed =
    workloadId === null && dataset === null && facts.inputTokens !== undefined && facts.outputTokens !== undefined;
  const nominal = (field: "inputTokensMean" | "outputTokensMean") =>
    workloadId === null ? nominalLength(points, field) : null;
  return {
    workload: {
      workloadId,
      dataset: isAssumed ? MADE_UP : dataset,
      inputTokens: facts.inputTokens ?? inName(named?.[2]) ?? nominal("inputTokensMean"),
      outputTokens: facts.outputTokens ?? inName(named?.[3]) ?? nominal("outputTokensMean"),
    },
    lengthsMeasured: {
      input: workloadId === null && facts.inputTokens === undefined,
      output: workloadId === null && facts.outputTokens === undefined,
    },
    isAssumed,
  };
}

function inName(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

/** An existing calendar day, optionally with a time of day. */
export function isIsoDate(text: string): boolean {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Every month has days 1 to 28; for later ones the calendar is asked.
  if (year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28) return true;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The exact weights; `null` where that is just the model's own id. */
export function canonicalCheckpoint(text: string | undefined, model: string): string | null {
  const checkpoint = text?.trim() ?? null;
  return checkpoint === model ? null : checkpoint;
}

/** One name for each precision, lower case. */
export function canonicalPrecision(text: string | undefined): string | null {
  const precision = canonicalText(text);
  if (precision === "bfloat16") return "bf16";
  return precision === "float16" || precision === "half" ? "fp16" : precision;
}

/** Speculative decoding, lower case; `none` and `off` are none. */
export function canonicalSpeculative(text: string | undefined): string | null {
  const speculative = canonicalText(text);
  return speculative === "none" || speculative === "off" ? null : speculative;
}

/** Text trimmed, in lower case; `null` where not said. */
export function canonicalText(text: string | undefined): string | null {
  return text?.trim().toLowerCase() ?? null;
}
