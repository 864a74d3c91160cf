import { compareText } from "../compare-text";
import type { LoadPoint, Run } from "../domain";
import { groupBy } from "../group-by";
import type { LoadKind } from "../measurement/measurement";
import type { LoadCurve } from "./load-curve";

/** The part of one run that belongs on one curve. */
interface Part {
  run: Run;
  kind: LoadKind | null;
  points: LoadPoint[];
}

/** A curve being put together, newest part first. */
interface CurveDraft {
  parts: Part[];
  loads: Set<string>;
}

/**
 * Order of runs, newest first: by date of measurement (undated ones last), then by the revision that added them, then by
 * id so that the order never depends on the order of input.
 */
function newestRunFirst(a: Run, b: Run): number {
  if (a.measuredOn !== b.measuredOn) {
    if (a.measuredOn === null) return 1;
    if (b.measuredOn === null) return -1;
    return compareText(b.measuredOn, a.measuredOn);
  }
  return b.addedInRevision - a.addedInRevision || compareText(a.runId, b.runId);
}

function loadKey(point: LoadPoint): string {
  return `${point.loadKind}:${point.loadValue}`;
}

/** Ascending load; points without a load value (`max`, aggregates) last; then place in the run, then id. */
function byLoad(a: LoadPoint, b: LoadPoint): number {
  const loadA = a.loadValue ?? Number.POSITIVE_INFINITY;
  const loadB = b.loadValue ?? Number.POSITIVE_INFINITY;
  if (loadA !== loadB) return loadA < loadB ? -1 : 1;
  return a.ordinal - b.ordinal || compareText(a.pointId, b.pointId);
}

/**
 * Splits a run by load kind: in-flight requests and requests/s are different axes. Its points without a load value
 * (everything at once, aggregates) stay with its only other kind, as the end of that curve.
 */
function partsOf(run: Run): Part[] {
  const byKind = groupBy(run.points, ({ loadKind }) => loadKind);
  const valued = [...byKind.keys()].filter((kind) => kind === "concurrency" || kind === "request_rate");
  const only = valued.length === 1 ? valued[0] : undefined;
  if (only !== undefined) return [{ run, kind: only, points: run.points }];
  return [...byKind].map(([kind, points]) => ({ run, kind, points }));
}

/** Curves under construction for one group, with, per load, the first curve that may still lack it. */
class CurveDrafts {
  readonly all: CurveDraft[] = [];
  private readonly firstLacking = new Map<string, number>();

  add(part: Part): void {
    this.all.push({ parts: [part], loads: new Set(part.points.map(loadKey)) });
  }

  /** Puts the part on the newest curve that has none of its loads; false when there is none. */
  complete(part: Part): boolean {
    const loads = part.points.map(loadKey);
    let index = 0;
    for (const load of loads) index = Math.max(index, this.skipTo(load));
    for (; index < this.all.length; index++) {
      const draft = this.all[index];
      if (draft === undefined || loads.some((load) => draft.loads.has(load))) continue;
      draft.parts.push(part);
      for (const load of loads) draft.loads.add(load);
      return true;
    }
    return false;
  }

  /** A curve never loses a load, so the pointer only moves forward: the whole search is linear over all parts. */
  private skipTo(load: string): number {
    let index = this.firstLacking.get(load) ?? 0;
    while (this.all[index]?.loads.has(load)) index++;
    this.firstLacking.set(load, index);
    return index;
  }
}

/**
 * Parts of one configuration, workload, source and load kind → curves. Where the source names its series, only parts of
 * one series complete one another. Elsewhere sweeps stay apart, and single points fill in, newest first, the newest curve
 * that lacks their load.
 */
function draftsOf(parts: Part[]): CurveDraft[] {
  parts.sort((a, b) => newestRunFirst(a.run, b.run));
  const bySeries = new Map<string, CurveDrafts>();
  const unnamed = new CurveDrafts();
  const singles: Part[] = [];
  for (const part of parts) {
    const { seriesKey } = part.run;
    if (seriesKey === null) {
      if (part.points.length === 1) singles.push(part);
      else unnamed.add(part);
      continue;
    }
    const series = bySeries.get(seriesKey) ?? new CurveDrafts();
    bySeries.set(seriesKey, series);
    if (!series.complete(part)) series.add(part);
  }
  for (const part of singles) if (!unnamed.complete(part)) unnamed.add(part);
  const drafts = [...[...bySeries.values()].flatMap((series) => series.all), ...unnamed.all];
  for (const draft of drafts) draft.parts.sort((a, b) => newestRunFirst(a.run, b.run));
  return drafts;
}

function curveOf(draft: CurveDraft): LoadCurve | null {
  const newest = draft.parts[0]?.run;
  if (newest === undefined) return null;
  const points: LoadPoint[] = [];
  for (const part of draft.parts) for (const point of part.points) points.push(point);
  return {
    curveId: newest.runId,
    configuration: newest.configuration,
    workload: newest.workload,
    source: newest.source,
    runIds: [...new Set(draft.parts.map((part) => part.run.runId))],
    // The newest run has the newest date: dated runs sort before undated ones.
    measuredOn: newest.measuredOn,
    points: points.sort(byLoad),
  };
}

/**
 * Runs → load curves: the points of one configuration under one workload from one source, ordered by offered load.
 * Configurations, workloads, sources and load kinds are never mixed. Runs with a series key complete only runs of the same
 * series. Without one, a run with several points is a curve of its own, and single-point runs complete one another (or a
 * sweep that lacks their load) from newest to oldest. A load already present starts another, older curve.
 * Returned by configuration, workload, source, then newest first; the order of the input does not matter.
 */
export function loadCurves(runs: readonly Run[]): LoadCurve[] {
  const groups = groupBy(runs.flatMap(partsOf), ({ run, kind }) =>
    JSON.stringify([run.configuration.configurationId, run.workload.workloadId, run.source.name, kind]),
  );
  const made: { curve: LoadCurve; newest: Run; kind: LoadKind | null }[] = [];
  for (const parts of groups.values()) {
    for (const draft of draftsOf(parts)) {
      const curve = curveOf(draft);
      const first = draft.parts[0];
      if (curve && first) made.push({ curve, newest: first.run, kind: first.kind });
    }
  }
  made.sort(
    (a, b) =>
      compareText(a.curve.configuration.configurationId, b.curve.configuration.configurationId) ||
      compareText(a.curve.workload.workloadId, b.curve.workload.workloadId) ||
      compareText(a.curve.source.name, b.curve.source.name) ||
      newestRunFirst(a.newest, b.newest) ||
      compareText(String(a.kind), String(b.kind)),
  );
  const taken = new Set<string>();
  return made.map(({ curve, kind }) => {
    // One run measured on two load axes makes two curves: the id of the second ends with its load kind.
    const curveId = taken.has(curve.curveId) ? `${curve.curveId}:${kind}` : curve.curveId;
    taken.add(curveId);
    return { ...curve, curveId };
  });
}

/** Order of curves, newest first: by date (undated last), then by id. */
export function newestCurveFirst(a: LoadCurve, b: LoadCurve): number {
  if (a.measuredOn !== b.measuredOn) {
    if (a.measuredOn === null) return 1;
    if (b.measuredOn === null) return -1;
    return compareText(b.measuredOn, a.measuredOn);
  }
  return compareText(a.curveId, b.curveId);
}
