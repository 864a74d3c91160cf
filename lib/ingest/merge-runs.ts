import { configurationKey, effectiveWorkloadId } from "./identity";
import type { ReadPoint, ReadRun } from "./report";

/**
 * Rows of a table that belong to one run: same configuration, workload and source, and the same series; where no series is
 * named, also the same date. A series measured over several days carries its newest date.
 */
export function mergeRows(runs: readonly ReadRun[]): ReadRun[] {
  const groups = new Map<string, ReadRun>();
  for (const run of runs) {
    const key = JSON.stringify([identityOf(run), run.seriesKey, run.seriesKey === null ? run.measuredOn : null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, copyOf(run));
    else append(group, run);
  }
  return [...groups.values()];
}

/**
 * Reports of one directory that measured the same configuration under the same workload at different loads form one run.
 * Reports of different variants (labels the person gave the deployment) stay apart. A load measured again (repetitions of a sweep) opens a second run, flagged `replicate`: repetitions are kept apart, so
 * that their spread shows.
 */
export function mergeReports(reports: readonly { run: ReadRun; variant: string }[]): ReadRun[] {
  const groups = new Map<string, { run: ReadRun; loads: Set<string> }[]>();
  for (const { run, variant } of reports) {
    const key = JSON.stringify([identityOf(run), run.seriesKey, run.format, variant]);
    const loads = run.points.map(loadOf);
    const repetitions = groups.get(key) ?? [];
    groups.set(key, repetitions);
    const free = repetitions.find((repetition) => !loads.some((load) => repetition.loads.has(load)));
    if (free !== undefined) {
      append(free.run, run);
      for (const load of loads) free.loads.add(load);
    } else {
      const copy = copyOf(run);
      if (repetitions.length > 0) addAll(copy.qualityFlags, ["replicate"]);
      repetitions.push({ run: copy, loads: new Set(loads) });
    }
  }
  return [...groups.values()].flatMap((repetitions) => repetitions.map(({ run }) => run));
}

function identityOf(run: ReadRun): unknown[] {
  const { name, url, licence } = run.source;
  const { dataset, inputTokens, outputTokens } = run.workload;
  const facts = run.workload.workloadId === null ? [dataset, inputTokens, outputTokens] : [];
  return [configurationKey(run.configuration), effectiveWorkloadId(run.workload), facts, name, url, licence];
}

/** Aggregates without a load each stand alone. */
function loadOf(point: ReadPoint): string {
  const cap = point.qualityFlags.find((flag) => flag.startsWith("max_concurrency_")) ?? "";
  return JSON.stringify([point.loadKind, point.loadValue, cap]);
}

function copyOf(run: ReadRun): ReadRun {
  return { ...run, qualityFlags: [...run.qualityFlags], points: [...run.points], files: [...run.files] };
}

function append(target: ReadRun, run: ReadRun): void {
  target.points.push(...run.points);
  addAll(target.files, run.files);
  addAll(target.qualityFlags, run.qualityFlags);
  // ISO dates order as text.
  if (run.measuredOn !== null && (target.measuredOn === null || run.measuredOn > target.measuredOn)) {
    target.measuredOn = run.measuredOn;
  }
  if (target.measuredOn !== null) target.qualityFlags = target.qualityFlags.filter((flag) => flag !== "no_date");
}

function addAll(target: string[], values: readonly string[]): void {
  for (const value of values) if (!target.includes(value)) target.push(value);
}
