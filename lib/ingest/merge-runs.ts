import { appendAll } from "../append-all";
import { configurationKey, effectiveWorkloadId } from "../measurement/identity";
import type { ReadPoint, ReadRun } from "./report";

/**
 * Joins the rows of a table into runs: same configuration, workload and source, and the same series; where no series is named,
 * also the same date. A series measured over several days carries its newest date.
 */
export function mergeRows(runs: readonly ReadRun[]): ReadRun[] {
  const groups = new Map<string, ReadRun>();
  const identities = new Identities();
  for (const run of runs) {
    const series = run.seriesKey === null ? ["on", run.measuredOn] : ["in", run.seriesKey];
    const key = JSON.stringify([identities.textOf(run), ...series]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, copyOf(run));
    else append(group, run);
  }
  return [...groups.values()].map(withFilesOnce);
}

/**
 * Reports of one directory that measured the same configuration under the same workload at different loads form one run.
 * Reports of different variants (labels the person gave the deployment) stay apart. A load that was measured again (a sweep
 * repeated) opens a second run, flagged `replicate`: repetitions stay apart, so that their spread can be seen.
 */
export function mergeReports(reports: readonly { run: ReadRun; variant: string }[]): ReadRun[] {
  const groups = new Map<string, Repetitions>();
  for (const { run, variant } of reports) {
    const key = `${identityOf(run)}\n${JSON.stringify([run.seriesKey, run.format, variant])}`;
    const repetitions = groups.get(key) ?? new Repetitions();
    groups.set(key, repetitions);
    repetitions.add(run);
  }
  return [...groups.values()].flatMap((repetitions) => repetitions.runs.map(withFilesOnce));
}

/** Runs of one configuration and workload, each load once in each of them. */
class Repetitions {
  readonly runs: ReadRun[] = [];
  private readonly loads: Set<string>[] = [];
  /**
   * By load, the first run that may still lack it, so that a load measured thousands of times is not searched for from the
   * start.
   */
  private readonly firstFree = new Map<string, number>();

  /** Puts a report's points into the first run that has none of its loads; opens one where there is none. */
  add(report: ReadRun): void {
    const loads = report.points.map(loadOf);
    let index = loads.reduce((first, load) => Math.max(first, this.firstFree.get(load) ?? 0), 0);
    while (index < this.runs.length && loads.some((load) => this.loads[index]?.has(load))) index++;
    const run = this.runs[index];
    if (run === undefined) {
      const copy = copyOf(report);
      if (index > 0) addAll(copy.qualityFlags, ["replicate"]);
      this.runs.push(copy);
      this.loads.push(new Set());
    } else {
      append(run, report);
    }
    const taken = this.loads[index];
    for (const load of loads) {
      taken?.add(load);
      let free = this.firstFree.get(load) ?? 0;
      while (this.loads[free]?.has(load)) free++;
      this.firstFree.set(load, free);
    }
  }
}

/** Tells what rows of a table measured apart, where many say the same in the very same objects. */
class Identities {
  private readonly known = new Map<string, number>();
  private readonly numbers = new WeakMap<ReadRun["source"], WeakMap<ReadRun["configuration"], number>>();

  /** Equal for runs of one configuration, workload and source, as {@link identityOf} is. */
  textOf({ configuration, source, workload }: ReadRun): string {
    const byConfiguration = this.numbers.get(source) ?? new WeakMap<ReadRun["configuration"], number>();
    this.numbers.set(source, byConfiguration);
    const number = byConfiguration.get(configuration) ?? this.numberOf(configuration, source);
    byConfiguration.set(configuration, number);
    const { workloadId, dataset, inputTokens, outputTokens } = workload;
    return `${number} ${workloadId === null ? `of ${inputTokens} ${outputTokens} ${dataset}` : `as ${workloadId}`}`;
  }

  private numberOf(configuration: ReadRun["configuration"], { name, url, licence }: ReadRun["source"]): number {
    const identity = `${configurationKey(configuration)}\n${JSON.stringify([name, url, licence])}`;
    const number = this.known.get(identity) ?? this.known.size;
    this.known.set(identity, number);
    return number;
  }
}

function identityOf(run: ReadRun): string {
  const { name, url, licence } = run.source;
  const { dataset, inputTokens, outputTokens } = run.workload;
  const facts = run.workload.workloadId === null ? [dataset, inputTokens, outputTokens] : [];
  const others = [effectiveWorkloadId(run.workload), facts, name, url, licence];
  return `${configurationKey(run.configuration)}\n${JSON.stringify(others)}`;
}

/** Key of a point's load. Aggregates without a load share one key, so each of them opens a run of its own. */
function loadOf(point: ReadPoint): string {
  const cap = point.qualityFlags.find((flag) => flag.startsWith("max_concurrency_")) ?? "";
  return JSON.stringify([point.loadKind, point.loadValue, cap]);
}

function copyOf(run: ReadRun): ReadRun {
  return { ...run, qualityFlags: [...run.qualityFlags], points: [...run.points], files: [...run.files] };
}

/**
 * The run with each of its files listed once. Done at the end, because searching the list for every file would be quadratic.
 */
function withFilesOnce(run: ReadRun): ReadRun {
  return { ...run, files: [...new Set(run.files)] };
}

function append(target: ReadRun, run: ReadRun): void {
  appendAll(target.points, run.points);
  appendAll(target.files, run.files);
  addAll(target.qualityFlags, run.qualityFlags);
  // ISO dates order as text.
  if (run.measuredOn !== null && (target.measuredOn === null || run.measuredOn > target.measuredOn)) {
    target.measuredOn = run.measuredOn;
  }
  if (target.measuredOn !== null) target.qualityFlags = target.qualityFlags.filter((flag) => flag !== "no_date");
}

function addAll<T extends string>(target: T[], values: readonly T[]): void {
  for (const value of values) if (!target.includes(value)) target.push(value);
}
