import { compareText } from "../compare-text";
import type { LoadCurve } from "../frontier/load-curve";
import { groupBy } from "../group-by";
import { precisionBits } from "../measurement/precision-bits";
import { precisionLabel, serverLabel } from "../words";
import type { Grade } from "./grades";

/** Least precision of the weights that can be asked for, low ones first. */
export const PRECISION_FLOORS = ["fp4", "fp8", "bf16"] as const;
export type PrecisionFloor = (typeof PRECISION_FLOORS)[number];

/** Whether a configuration may, must or must not guess tokens ahead. */
export const SPECULATIVE_CHOICES = ["any", "on", "off"] as const;
export type SpeculativeChoice = (typeof SPECULATIVE_CHOICES)[number];

/** Which configurations and measurements a question is asked of. */
export interface CurveFilter {
  /** Weights of at least so many bits; `null` = any precision, unknown ones too. */
  precisionFloor: PrecisionFloor | null;
  /** Servers as reports name them; empty = any. */
  servers: readonly string[];
  speculative: SpeculativeChoice;
  /** Of each server on each accelerator only the newest version that was measured. */
  newestVersionOnly: boolean;
  /** Names of sources; empty = any. */
  sources: readonly string[];
  /** Measured on this day or later (ISO date); `null` = whenever. */
  measuredSince: string | null;
  /** Only answers of these grades; empty = any. They are known once an answer is: the ranking leaves the others out. */
  grades: readonly Grade[];
}

/** Everything takes part. */
export const NO_CURVE_FILTER: CurveFilter = {
  precisionFloor: null,
  servers: [],
  speculative: "any",
  newestVersionOnly: false,
  sources: [],
  measuredSince: null,
  grades: [],
};

/** A curve that was not asked for, and why not. */
export interface CurveLeftOut {
  curve: LoadCurve;
  reason: string;
}

/** The numbers of a version, its build last: `v0.11.1-cu130` → 0, 11, 1; `git-3138d9a` → none. */
function versionNumbers(version: string): number[] {
  const dotted = /(?:^|[^\d.])(\d+(?:\.\d+)+)/.exec(version)?.[1] ?? "";
  const numbers = dotted === "" ? [] : dotted.split(".").map(Number);
  const suffix = /(?:post|rc|nightly[_-]|dev[-_.]?)(\d+)/.exec(version);
  if (suffix === null || numbers.length === 0) return numbers;
  // A release candidate comes before its release, a later build after it.
  const isBefore = suffix[0].startsWith("rc") || suffix[0].startsWith("dev");
  while (numbers.length < 4) numbers.push(0);
  return [...numbers, isBefore ? -1 : 1, Number(suffix[1])];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest of the versions of some curves: by its numbers where both have them, else by when it was last measured. */
function newestVersion(curves: readonly LoadCurve[]): string | null {
  const measured = new Map<string, string>();
  for (const { configuration, measuredOn } of curves) {
    const version = configuration.serverVersion;
    if (version === null) continue;
    const [, latest = ""] = [measuredOn ?? "", measured.get(version) ?? ""].sort(compareText);
    measured.set(version, latest);
  }
  let newest: string | null = null;
  for (const [version, day] of [...measured].sort(([a], [b]) => compareText(a, b))) {
    if (newest === null) newest = version;
    else {
      const numbered = versionNumbers(version).length > 0 && versionNumbers(newest).length > 0;
      const later = numbered ? compareVersions(version, newest) : compareText(day, measured.get(newest) ?? "");
      if (later > 0) newest = version;
    }
  }
  return newest;
}

/** Newest versions by accelerator and server. */
function newestVersions(curves: readonly LoadCurve[]): (curve: LoadCurve) => string | null {
  const keyOf = ({ configuration }: LoadCurve): string =>
    JSON.stringify([configuration.model, configuration.accelerator, configuration.server]);
  const newest = new Map([...groupBy(curves, keyOf)].map(([key, group]) => [key, newestVersion(group)]));
  return (curve) => newest.get(keyOf(curve)) ?? null;
}

/** Why a curve is not among those asked for; `null` where it is. `newest` is the newest version of its server there. */
function leftOutReason({ configuration, source, measuredOn }: LoadCurve, filter: CurveFilter, newest: string | null) {
  const { precision, server, serverVersion, speculative } = configuration;
  if (filter.precisionFloor !== null) {
    const bits = precisionBits(precision);
    const asked = precisionLabel(filter.precisionFloor);
    if (bits === null) return `The precision of its weights is not known; at least ${asked} is asked.`;
    if (bits < (precisionBits(filter.precisionFloor) ?? 0))
      return `Its weights are ${precisionLabel(precision)}; at least ${asked} is asked.`;
  }
  if (filter.servers.length > 0 && !filter.servers.includes(server ?? "unknown")) {
    return `Its server is ${server === null ? "not known" : serverLabel(server)}; asked is ${filter.servers.map(serverLabel).join(" or ")}.`;
  }
  if (filter.speculative === "off" && speculative !== null) return "It guesses tokens ahead (speculative decoding).";
  if (filter.speculative === "on" && speculative === null) return "No speculative decoding is stated for it.";
  if (filter.newestVersionOnly && serverVersion !== newest) {
    return serverVersion === null
      ? "The version of its server is not known."
      : `Its server's version is ${serverVersion}; the newest measured here is ${newest}.`;
  }
  if (filter.sources.length > 0 && !filter.sources.includes(source.name)) return `It was measured by ${source.name}.`;
  const { measuredSince } = filter;
  if (measuredSince !== null && (measuredOn === null || measuredOn.slice(0, measuredSince.length) < measuredSince)) {
    return measuredOn === null
      ? "When it was measured is not stated."
      : `It was measured on ${measuredOn.slice(0, 10)}.`;
  }
  return null;
}

/** True where a filter lets everything take part. */
export function isFilterEmpty(filter: CurveFilter): boolean {
  const { precisionFloor, servers, speculative, newestVersionOnly, sources, measuredSince } = filter;
  return (
    precisionFloor === null &&
    servers.length === 0 &&
    speculative === "any" &&
    !newestVersionOnly &&
    sources.length === 0 &&
    measuredSince === null
  );
}

/** The curves that are asked for, and the others, each with its reason. `unknown` among the servers is a server nobody named. */
export function filteredCurves(
  curves: readonly LoadCurve[],
  filter: CurveFilter,
): { curves: readonly LoadCurve[]; leftOut: CurveLeftOut[] } {
  if (isFilterEmpty(filter)) return { curves, leftOut: [] };
  // What counts as newest is asked of the curves the other filters leave, so that a newer one of another source hides nothing.
  const others = { ...filter, newestVersionOnly: false };
  const left = curves.filter((curve) => leftOutReason(curve, others, null) === null);
  const newestOf = newestVersions(left);
  const leftOut: CurveLeftOut[] = [];
  const kept: LoadCurve[] = [];
  for (const curve of curves) {
    const reason = leftOutReason(curve, filter, newestOf(curve));
    if (reason === null) kept.push(curve);
    else leftOut.push({ curve, reason });
  }
  return { curves: kept, leftOut };
}
