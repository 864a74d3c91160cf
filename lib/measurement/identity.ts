import * as crypto from "node:crypto";
import type { Configuration, ConfigurationFacts, Source, WorkloadFacts } from "../domain";
import { HashedText } from "./hashed-text";
import { hasStatistics, type LatencyStatistics, latencyField, METRICS } from "./latency";
import type { Measurement } from "./measurement";
import { QUANTITIES, type Quantity } from "./quantities";

const CONFIGURATION_HASH_LENGTH = 8;
const POINT_HASH_LENGTH = 32;
const TEXT_HASH_LENGTH = 8;
const SLUG_MAX_LENGTH = 60;

/** sha256 of text or bytes as lower-case hex. */
export const sha256Hex: (content: string | Uint8Array) => string =
  // Takes half the time of a Hash object. Node has it from 20.12 on.
  "hash" in crypto && typeof crypto.hash === "function"
    ? (content) => crypto.hash("sha256", content, "hex")
    : (content) => crypto.createHash("sha256").update(content).digest("hex");

/**
 * Keys by their facts, because every point of a run needs the key of its configuration. Facts never change once they are made.
 */
const CONFIGURATION_KEYS = new WeakMap<ConfigurationFacts, string>();

/**
 * Canonical JSON over every fact of a configuration, in a fixed order: equal configurations have equal keys, and a fact
 * that is not known (`null`) stays different from any known one.
 */
export function configurationKey(facts: ConfigurationFacts): string {
  const known = CONFIGURATION_KEYS.get(facts);
  if (known !== undefined) return known;
  const key = JSON.stringify([
    ["model", facts.model],
    ["checkpoint", facts.checkpoint],
    ["accelerator", facts.accelerator],
    ["acceleratorCount", facts.acceleratorCount],
    ["nodes", facts.nodes],
    ["server", facts.server],
    ["serverVersion", facts.serverVersion],
    ["precision", facts.precision],
    ["parallelism", facts.parallelism.label],
    ["tensor", facts.parallelism.tensor],
    ["pipeline", facts.parallelism.pipeline],
    ["data", facts.parallelism.data],
    ["expert", facts.parallelism.expert],
    ["speculative", facts.speculative],
    ["servingMode", facts.servingMode],
    ["prefillAccelerators", facts.prefillAccelerators],
    ["decodeAccelerators", facts.decodeAccelerators],
    ...laterFacts(facts),
  ]);
  CONFIGURATION_KEYS.set(facts, key);
  return key;
}

/**
 * Facts that came after ids were given out: one that is not known is left out, so that what was stored before keeps its id.
 * Started with defaults (`{}`) is known.
 */
function laterFacts({ parallelism, speculativeTokens, settings }: ConfigurationFacts): [string, unknown][] {
  const facts: [string, unknown][] = [
    ["context", parallelism.context],
    ["speculativeTokens", speculativeTokens],
    ["serverArguments", settings.serverArguments],
    ["environment", settings.environment],
    ["engineOptions", settings.engineOptions],
    ["image", settings.image],
  ];
  return facts.filter(([, value]) => value !== null);
}

/** Readable, stable id of a configuration: `h100-sxm-80gb-x8-vllm-1a2b3c4d`. Safe in URLs and file names. */
export function configurationId(facts: ConfigurationFacts): string {
  const server = facts.server === null ? "unknown-server" : slug(facts.server);
  const hash = sha256Hex(configurationKey(facts)).slice(0, CONFIGURATION_HASH_LENGTH);
  return `${slug(facts.accelerator)}-x${facts.acceleratorCount}-${server}-${hash}`;
}

/** A configuration with its id. It has the key of its facts, which needs not be made a second time. */
export function identifiedConfiguration(facts: ConfigurationFacts): Configuration {
  const configuration = { ...facts, configurationId: configurationId(facts) };
  CONFIGURATION_KEYS.set(configuration, configurationKey(facts));
  return configuration;
}

/** Stable id of a workload made from its facts: `random-1024-1024`, `unspecified-1000-100`, `sharegpt-unknown-unknown`. */
export function workloadId(facts: WorkloadFacts): string {
  const dataset = facts.dataset === null ? "unspecified" : slug(facts.dataset);
  return `${dataset}-${lengthText(facts.inputTokens)}-${lengthText(facts.outputTokens)}`;
}

/** The id a run's workload goes by: the one its source gave, else the one made from the facts. */
export function effectiveWorkloadId(workload: WorkloadFacts & { workloadId: string | null }): string {
  return workload.workloadId ?? workloadId(workload);
}

/** The parts of a run that the identity of its points depends on. */
export interface PointOwner {
  configuration: ConfigurationFacts;
  workload: WorkloadFacts & { workloadId: string | null };
  source: Pick<Source, "name">;
  measuredOn: string | null;
}

/**
 * Identity of each load point of a run: a hash over what was measured, on what, when and by whom, not over the file it came in,
 * so that the same figure in another file (appended results, an export) is recognised. 32 hex digits.
 */
export function pointContentIds(
  run: PointOwner,
  points: readonly (Measurement & { measuredOn?: string | null })[],
): string[] {
  const owner = JSON.stringify([
    configurationKey(run.configuration),
    effectiveWorkloadId(run.workload),
    run.source.name,
  ]);
  const content = CONTENT;
  content.cutTo(0);
  content.text(`${owner.slice(0, -1)},`);
  const ownerEnd = content.length;
  return points.map((point) => {
    content.cutTo(ownerEnd);
    // A run spanning several days carries its newest date: a point's own date does not change when later points join.
    content.text(JSON.stringify(point.measuredOn === undefined ? run.measuredOn : point.measuredOn));
    content.character(COMMA);
    writeMeasured(content, point);
    content.character(LIST_ENDS);
    return sha256Hex(content.written()).slice(0, POINT_HASH_LENGTH);
  });
}

const ALWAYS_IN_IDENTITY = QUANTITIES.filter(({ identity }) => identity === "always").map(({ field }) => field);
const IN_IDENTITY_WHEN_MEASURED = QUANTITIES.filter(
  ({ identity }: { identity: Quantity["identity"] }) => identity === "whenMeasured",
).map(({ field }) => field);

/** Where what is hashed is put together, used again by every point. */
const CONTENT = new HashedText();

const COMMA = ",".charCodeAt(0);
const LIST_BEGINS = "[".charCodeAt(0);
const LIST_ENDS = "]".charCodeAt(0);

/** What was measured as JSON, in a fixed order. Written by hand: there is one for every load of every report. */
function writeMeasured(content: HashedText, point: Measurement): void {
  content.character(LIST_BEGINS);
  content.text(JSON.stringify(point.loadKind));
  for (const field of ALWAYS_IN_IDENTITY) {
    content.character(COMMA);
    content.number(point[field]);
  }
  for (const metric of METRICS) {
    content.character(COMMA);
    writeStatistics(content, point[latencyField(metric)]);
  }
  for (const field of IN_IDENTITY_WHEN_MEASURED) {
    const value = point[field];
    if (value === null) continue;
    content.text(`,["${field}",`);
    content.number(value);
    content.character(LIST_ENDS);
  }
  content.character(LIST_ENDS);
}

/** `null` and a metric whose every statistic is missing are the same: nothing measured. */
function writeStatistics(content: HashedText, statistics: LatencyStatistics | null): void {
  if (statistics === null || !hasStatistics(statistics)) {
    content.number(null);
    return;
  }
  content.character(LIST_BEGINS);
  content.number(statistics.mean);
  content.character(COMMA);
  content.number(statistics.p50);
  content.character(COMMA);
  content.number(statistics.p90);
  content.character(COMMA);
  content.number(statistics.p95);
  content.character(COMMA);
  content.number(statistics.p99);
  content.character(LIST_ENDS);
}

/**
 * Nominal token length behind a measured mean: an integer stays; else the nearer of the nearest power of two and the
 * value rounded to two significant figures (2046.2 → 2048, 269.8 → 270).
 */
export function nominalTokens(mean: number): number {
  if (!Number.isFinite(mean) || mean <= 0 || Number.isInteger(mean)) return mean;
  const exponent = Math.floor(Math.log2(mean));
  const lower = 2 ** exponent;
  const power = mean - lower <= 2 * lower - mean ? lower : 2 * lower;
  // Below 100 two figures are at least whole tokens: rounding twice (6.45 → 6.5 → 7) would miss the nearest one.
  const rounded = Math.max(1, mean < 100 ? Math.round(mean) : Number(mean.toPrecision(2)));
  return Math.abs(power - mean) <= Math.abs(rounded - mean) ? Math.max(1, power) : rounded;
}

/** Lower-case letters, digits, `.` and `-`. Text that loses characters on the way gets a short hash, so ids stay apart. */
function slug(text: string): string {
  const lowered = text.toLowerCase().replace(/[\s_]+/g, "-");
  const safe = lowered
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  if (safe === lowered && safe.length <= SLUG_MAX_LENGTH) return safe;
  const hash = sha256Hex(text).slice(0, TEXT_HASH_LENGTH);
  return safe === "" ? hash : `${safe.slice(0, SLUG_MAX_LENGTH)}-${hash}`;
}

function lengthText(tokens: number | null): string {
  return tokens === null ? "unknown" : String(tokens).replace(/[^0-9a-z]+/g, "-");
}
