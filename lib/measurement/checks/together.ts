import { MS_PER_SECOND } from "../../units";
import type { Measurement } from "../measurement";
import type { Check, Evidence } from "./check";

/** A load point among others that were read with it. */
export interface PointOfSet {
  measurement: Measurement;
  evidence: Evidence;
  /** Configuration and workload: equal for points of one deployment under one workload. */
  deployment: string;
  /** The run it belongs to: equal for points of one run. */
  run: string;
  /** The file it was read from. One clock for all loads of a file is that of the file. */
  file: string;
}

/** A check that looks at all load points that were read together. */
export interface SetCheck extends Check {
  /** Indexes of the points that contradict another one; those whose clock or load is not known never do. */
  find(points: readonly PointOfSet[]): number[];
}

/** Two measurements ran side by side if they share this much of the shorter one. */
const SHARED_TIME = 0.5;

interface Window {
  index: number;
  /** File and clock: where both are the same, the clock is that of the whole file. */
  stamp: string;
  from: number;
  to: number;
}

/** What a tool's clock stands for: some write when the measurement began, some when it had ended. */
const CLOCKS = ["start", "end"] as const;

/** When a point was measured, milliseconds; `null` where date, time of day or duration is not known. */
function windowOf(
  { measurement, evidence, file }: PointOfSet,
  index: number,
  clock: (typeof CLOCKS)[number],
): Window | null {
  const { durationS } = measurement;
  if (evidence.clock === undefined || durationS === null || durationS <= 0) return null;
  const stated = Date.parse(evidence.clock);
  const durationMs = durationS * MS_PER_SECOND;
  const from = clock === "start" ? stated : stated - durationMs;
  return Number.isFinite(from) ? { index, stamp: `${file}\n${evidence.clock}`, from, to: from + durationMs } : null;
}

/** Indexes of the windows that overlap another one. Each is held against the one that lasts longest so far: n log n. */
function overlapping(windows: Window[]): number[] {
  const found = new Set<number>();
  windows.sort((a, b) => a.from - b.from || a.to - b.to || a.index - b.index);
  let longest: Window | null = null;
  for (const window of windows) {
    if (longest !== null) {
      const shared = Math.min(longest.to, window.to) - window.from;
      const shorter = Math.min(longest.to - longest.from, window.to - window.from);
      if (shared >= SHARED_TIME * shorter && longest.stamp !== window.stamp) {
        found.add(longest.index);
        found.add(window.index);
      }
    }
    if (longest === null || window.to > longest.to) longest = window;
  }
  return [...found];
}

/** Points that overlap another one of their group whichever way their clock is meant. */
function overlappingIn(points: readonly PointOfSet[], keyOf: (point: PointOfSet) => string): Set<number> {
  const groups = new Map<string, number[]>();
  for (let index = 0; index < points.length; index++) {
    const point = points[index];
    if (point?.evidence.clock === undefined) continue;
    const key = keyOf(point);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  const found = new Set<number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const [fromStart, fromEnd] = CLOCKS.map((clock) => {
      const windows = group.flatMap((index) => {
        const point = points[index];
        return point === undefined ? [] : (windowOf(point, index, clock) ?? []);
      });
      return overlapping(windows);
    });
    const alsoFromEnd = new Set(fromEnd);
    for (const index of fromStart ?? []) if (alsoFromEnd.has(index)) found.add(index);
  }
  return found;
}

const sameLoad = ({ deployment, measurement }: PointOfSet) =>
  JSON.stringify([deployment, measurement.loadKind, measurement.loadValue]);

export const onlyClient: SetCheck = {
  flag: "ran_beside_another_client",
  consequence: "doubt",
  asks: "Was this the only load generator of its deployment at the time?",
  tolerance: "half of the shorter measurement in common with another one of the same configuration, workload and load",
  source:
    "several processes of a load generator, each with a report of its own: the load and the throughput are those of all together",
  find: (points) => [...overlappingIn(points, sameLoad)],
};

export const ownClock: SetCheck = {
  flag: "measured_at_the_same_time",
  consequence: "note",
  asks: "Did each load of a deployment have its own time?",
  tolerance: "half of the shorter measurement in common with another load of the same configuration and workload",
  source: "one clock written into the reports of all loads, or loads that ran on top of one another",
  find: (points) => {
    const beside = overlappingIn(points, sameLoad);
    return [...overlappingIn(points, ({ deployment }) => deployment)].filter((index) => !beside.has(index));
  },
};

/** TTFT at a higher load at or below this share of that at a lower one. */
const FALLEN_TO = 0.5;

export const ttftRisesWithLoad: SetCheck = {
  flag: "ttft_falls_with_load",
  consequence: "note",
  asks: "Does mean TTFT rise with the load?",
  tolerance: "at a higher load of the same run it is half or less",
  source: "a server that was still compiling, loading or cold when the first load came",
  find(points) {
    const runs = new Map<string, { index: number; load: number; ttftMs: number }[]>();
    for (let index = 0; index < points.length; index++) {
      const point = points[index];
      if (point === undefined) continue;
      const { loadKind, loadValue, ttftMs } = point.measurement;
      const mean = ttftMs?.mean ?? null;
      if (loadKind === null || loadValue === null || mean === null) continue;
      const key = `${loadKind} ${point.run}`;
      const found = { index, load: loadValue, ttftMs: mean };
      const run = runs.get(key);
      if (run === undefined) runs.set(key, [found]);
      else run.push(found);
    }
    const fallen: number[] = [];
    for (const run of runs.values()) {
      run.sort((a, b) => b.load - a.load);
      let least = Number.POSITIVE_INFINITY;
      let leastBelow = Number.POSITIVE_INFINITY;
      let load = Number.POSITIVE_INFINITY;
      for (const point of run) {
        // Equal loads are not held against each other.
        if (point.load < load) least = Math.min(least, leastBelow);
        load = point.load;
        if (least <= point.ttftMs * FALLEN_TO) fallen.push(point.index);
        leastBelow = Math.min(leastBelow, point.ttftMs);
      }
    }
    return fallen;
  },
};
