/**
 * Two peer explorers, measured for this project's comparison (production builds, 2 cores, headless Chromium, loopback,
 * median of 5 cold loads): llm-d-prism 050fe37 and InferenceX-app 77ca49a, in this order.
 */
export const PEERS = {
  names: ["llm-d-prism 050fe37", "InferenceX-app 77ca49a"],
  pointsDrawnMs: [1406, 1620],
  javascriptKilobytes: [412, 701],
  metricChangeMs: [795, 976],
} as const;

/** A time must be this many times better than the faster peer's. */
const TIMES_BETTER = 5;

export const POINTS_DRAWN_LIMIT_MS = Math.min(...PEERS.pointsDrawnMs) / TIMES_BETTER;
export const METRIC_CHANGE_LIMIT_MS = Math.min(...PEERS.metricChangeMs) / TIMES_BETTER;
export const JAVASCRIPT_LIMIT_BYTES = 250_000;
export const JAVASCRIPT_TO_USE_LIMIT_BYTES = 150_000;
/** One frame at 60 frames/s. */
export const FRAME_MS = 1000 / 60;

/** `peers 1,406 and 1,620 ms` */
export function peersText(values: readonly number[], unit: string): string {
  return `peers ${values.map((value) => value.toLocaleString("en-US")).join(" and ")} ${unit}`;
}

/** What the table is compared with, as paragraphs of docs/benchmarks.md. */
export const COMPARISON = [
  `Peers: ${PEERS.names.join(" and ")}, in this order, measured as production builds on 2 cores with headless Chromium over loopback, median of 5 cold loads.`,
  `Budgets: each time at least ${TIMES_BETTER} times better than the faster peer's, at most ${JAVASCRIPT_LIMIT_BYTES / 1000} kB of compressed JavaScript for the whole load and ${JAVASCRIPT_TO_USE_LIMIT_BYTES / 1000} kB before the page can be used, a step of a drag within one frame. Budgets are reported, not enforced: the command succeeds whenever it could measure. 1 kB is 1,000 bytes.`,
];
