import { nominalTokens } from "../../measurement/identity";
import type { GivenFacts, ReadPoint, ReadRun } from "../report";

/** Nominal lengths as given, else from the measured means; a workload its source names keeps only what is given. */
export function workloadOf(facts: GivenFacts, points: readonly ReadPoint[]): ReadRun["workload"] {
  const workloadId = facts.workloadId ?? null;
  const named = workloadId === null ? null : /^(.+)-(\d+)-(\d+)$/.exec(workloadId);
  return {
    workloadId,
    dataset:
      facts.dataset
        ?.trim()
        .toLowerCase()
        .replace(/[\s_]+/g, "-") ?? null,
    inputTokens: facts.inputTokens ?? (workloadId === null ? nominalOf(points, "inputTokensMean") : inName(named?.[2])),
    outputTokens:
      facts.outputTokens ?? (workloadId === null ? nominalOf(points, "outputTokensMean") : inName(named?.[3])),
  };
}

function inName(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

function nominalOf(points: readonly ReadPoint[], field: "inputTokensMean" | "outputTokensMean"): number | null {
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
