import { formatLatency, formatNumber } from "../../format";
import { ok, type Result, refused } from "../../result";
import type { BundleContext } from "../plan/bundle-context";
import { requestLatencyMs } from "../plan/start-and-stop-times";

/** A stage of inference-perf: a closed loop of so many in flight, or so many requests a second for a while. */
export type Stage = { num_requests: number; concurrency_level: number } | { rate: number; duration: number };

/** Load of a benchmark: below, at and above the operating point. */
export interface BenchmarkLoad {
  type: "concurrent" | "poisson";
  stages: Stage[];
  /** What each stage is, for its comment. */
  reasons: string[];
  /** Most requests a stage sends: as many prompts are prepared. */
  requests: number;
  /** In flight at most, with room; how many connections the tool opens. */
  inFlight: number;
  /** How long all of it takes by the prediction; `null` where latency is not known. */
  seconds: number | null;
  /** Pods the load goes to: one, or as many as were measured together, times the plan. */
  pods: number;
  /** How many deployments as measured those are. */
  deployments: number;
}

/** The point itself, one where targets hold with ease and one where they should break. */
const SHARES: readonly [share: number, word: string][] = [
  [0.5, "half of it"],
  [1, "the operating point"],
  [1.25, "a quarter more: past what was chosen"],
];
/** Rounds of a closed loop: the first fills up, the last drains. */
const ROUNDS = 10;
/** A 99th percentile needs a hundred requests. */
const MINIMUM_REQUESTS = 100;
const MINIMUM_STAGE_SECONDS = 120;
const LATENCIES_PER_STAGE = 5;
/** A rate of one request a minute would never come to a hundred. */
const MAXIMUM_STAGE_SECONDS = 1800;
/** Requests that arrive by chance bunch up. */
const BUNCHING = 2;
const UNKNOWN_IN_FLIGHT = 400;

function closedLoop(
  level: number,
  latencyMs: number | null,
): { stage: Stage; requests: number; seconds: number | null } {
  const requests = Math.max(MINIMUM_REQUESTS, level * ROUNDS);
  const seconds = latencyMs === null ? null : ((requests / level) * latencyMs) / 1000;
  return { stage: { num_requests: requests, concurrency_level: level }, requests, seconds };
}

function openLoop(rate: number, latencyMs: number | null): { stage: Stage; requests: number; seconds: number | null } {
  const exact = Number(rate.toPrecision(4));
  const wanted = Math.max(
    MINIMUM_STAGE_SECONDS,
    MINIMUM_REQUESTS / exact,
    latencyMs === null ? 0 : (LATENCIES_PER_STAGE * latencyMs) / 1000,
  );
  const duration = Math.ceil(Math.min(MAXIMUM_STAGE_SECONDS, wanted));
  const seconds = latencyMs === null ? duration : duration + latencyMs / 1000;
  return { stage: { rate: exact, duration }, requests: Math.ceil(exact * duration) + 1, seconds };
}

/** Level of a stage: whole, at least one, and never the same twice. */
function levels(value: number): [level: number, word: string][] {
  const seen = new Set<number>();
  return SHARES.flatMap(([share, word]): [number, string][] => {
    const exact = value * share;
    const level = Math.max(1, share > 1 ? Math.ceil(exact) : Math.round(exact));
    // A low load is its own half: the word of the point itself is the one that matters.
    if (seen.has(level) || (share < 1 && level >= Math.round(value))) return [];
    seen.add(level);
    return [[level, word]];
  });
}

/**
 * Stages around the predicted operating point, or why there are none. The load is of one pod where one server was measured,
 * whatever runs beside it; where several were measured together, it goes to all of them and counts for each deployment.
 */
export function benchmarkLoad(context: BundleContext): Result<BenchmarkLoad> {
  const { choice, layout, scaling } = context;
  const { loadKind, loadValue } = choice.operatingPoint;
  if (loadKind === null || loadKind === "max" || loadValue === null || !(loadValue > 0)) {
    return refused(
      "The operating point was measured with everything sent at once, or at a load nobody recorded, so a benchmark Job cannot go back to it: leave the benchmark Job out.",
    );
  }
  const together = layout.measuredReplicas > 1;
  const pods = together ? scaling.minimum : 1;
  const deployments = together ? scaling.minimum / layout.measuredReplicas : 1;
  const latency = requestLatencyMs(choice)?.value ?? null;
  const value = loadValue * deployments;
  const closed = loadKind === "concurrency";
  const steps = closed
    ? levels(value).map(([level, word]) => ({ ...closedLoop(level, latency), word }))
    : SHARES.map(([share, word]) => ({ ...openLoop(value * share, latency), word }));
  const largest = Math.max(...SHARES.map(([share]) => share)) * value;
  const atRate = latency === null ? UNKNOWN_IN_FLIGHT : Math.ceil(((largest * latency) / 1000) * BUNCHING);
  return ok({
    type: closed ? "concurrent" : "poisson",
    stages: steps.map((step) => step.stage),
    reasons: steps.map((step) =>
      step.seconds === null
        ? step.word
        : `${step.word}; by the prediction it takes ${formatLatency(step.seconds * 1000)}`,
    ),
    requests: steps.reduce((sum, step) => sum + step.requests, 0),
    inFlight: closed ? Math.ceil(largest) : atRate,
    seconds: steps.reduce<number | null>(
      (sum, step) => (sum === null || step.seconds === null ? null : sum + step.seconds),
      0,
    ),
    pods,
    deployments,
  });
}

/** `64 requests in flight` of a load, for comments. */
export function loadText({ choice }: BundleContext, deployments: number): string {
  const { loadKind, loadValue } = choice.operatingPoint;
  const what = loadKind === "concurrency" ? "requests in flight" : "requests/s";
  const times = deployments === 1 ? "" : ` × ${formatNumber(deployments)} deployments`;
  return `${loadValue === null ? "?" : formatNumber(loadValue)} ${what}${times}`;
}
