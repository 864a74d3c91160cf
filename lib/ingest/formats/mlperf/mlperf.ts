import { appendAll } from "../../../append-all";
import type { LatencyStatistics, Metric, Statistic } from "../../../measurement/latency";
import { latencyField, statisticsFrom } from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { NS_PER_MS } from "../../../units";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { emptyPoint, isRecord, numberOf, withoutZeros } from "../../parse/fields";
import { elementsOf, type ParsedFile } from "../../parse/parsed-file";
import { someElement } from "../../parse/some-element";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { hasKeys } from "../companions";
import { benchmarkFacts, isSystem, systemFacts } from "./mlperf-facts";
import { isDashboardTable, isSummaryResult, readSummaryResults } from "./mlperf-summary-results";

const MLPERF_FORMAT = "mlperf";

const HEADING = /^MLPerf Results Summary\s*$/m;

/** LoadGen's names of latencies, lower case: letter case differs between mean and percentiles. */
const LATENCY_NAMES: Partial<Record<Metric, string>> = {
  e2e: "latency (ns)",
  ttft: "first token latency (ns)",
  tpot: "time to output token (ns)",
};

/** A mean that is called otherwise than the percentiles beside it: "Mean Time per Output Token (ns)". */
const MEAN_NAMES: Record<string, string> = { "time to output token (ns)": "time per output token (ns)" };

/**
 * MLPerf Inference: `mlperf_log_summary.txt` of LoadGen (one load point a file; nanoseconds) with the description of its system
 * beside it, and the `summary_results.json` of a results repository (throughput only; written after a description of its keys,
 * not tried on a real file). The tables exported from the dashboard are refused with a word on what to give instead.
 */
export const mlperf: Adapter = {
  format: MLPERF_FORMAT,
  label: "MLPerf Inference results (mlperf_log_summary.txt, summary_results.json)",
  companions: [
    {
      reason: "the description of an MLPerf system: put it beside the mlperf_log_summary.txt it belongs to",
      isValue: (value) => hasKeys(value, ["accelerator_model_name", "accelerators_per_node"]),
    },
  ],
  factsWin: "flags",
  sniff: (file) => isLog(file) || isDashboardTable(file) || someElement(file, isSummaryResult),
  companionsAbove: (file) => someElement(file, isSystem),
  companionPaths: systemPaths,
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const systems = companions.filter((file) => someElement(file, isSystem));
    for (const file of files) {
      if (isLog(file)) readLog(file.path, file.text, systems, result);
      else readSummaryResults(file, result);
    }
    for (const { path } of systems) {
      const reason =
        systems.length > 1
          ? "one of several systems described here: which of them was measured is not said"
          : "the system's description: it completes the results beside it";
      result.skipped.push({ file: path, reason });
    }
    return result;
  },
};

/** Where a submission describes the system of a directory of results: `ORG/results/SYSTEM/…` ↔ `ORG/systems/SYSTEM.json`. */
function systemPaths(directory: string): string[] {
  const steps = directory.split("/");
  return steps.flatMap((step, index) => {
    const system = steps[index + 1];
    if (step !== "results" || system === undefined) return [];
    return [[...steps.slice(0, index), "systems", `${system}.json`].join("/")];
  });
}

function isLog(file: ParsedFile): file is Extract<ParsedFile, { kind: "text" }> {
  return file.kind === "text" && HEADING.test(file.text);
}

function readLog(path: string, text: string, systems: readonly ParsedFile[], result: AdapterResult): void {
  const lines = linesOf(text);
  const mode = lines.get("mode") ?? "";
  if (/accuracy/i.test(mode)) {
    result.skipped.push({ file: path, reason: "a run in accuracy mode: it measures no performance" });
    return;
  }
  const read = readPoint(path, lines);
  appendAll(result.problems, read.problems);
  if (read.point === null) return;
  const [system, ...others] = systems;
  const described: unknown = system === undefined || others.length > 0 ? null : elementsOf(system)[0]?.value;
  const facts = isRecord(described) ? systemFacts(described) : null;
  const draft: DraftRun = {
    format: MLPERF_FORMAT,
    tool: "MLPerf LoadGen",
    measuredOn: null,
    stated: {},
    hints: { ...benchmarkFacts(path, lines.get("scenario") ?? ""), ...facts?.hints },
    seriesKey: null,
    qualityFlags: [],
    points: [read.point],
    files: facts === null || system === undefined ? [path] : [path, system.path],
  };
  result.drafts.push(draft);
}

/**
 * `key : value` lines by key in lower case, blanks collapsed; each line is cut at its last colon. "Completed tokens per second"
 * stands twice with one value: the first counts.
 */
function linesOf(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.lastIndexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim().toLowerCase().replace(/\s+/g, " ");
    if (!lines.has(key)) lines.set(key, line.slice(colon + 1).trim());
  }
  return lines;
}

function readPoint(path: string, lines: ReadonlyMap<string, string>): { point: ReadPoint | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const refuse = (key: string, value: string, expected: string) => {
    problems.push(problem(path, key, value, expected, `${path}, ${key}: expected ${expected}.`));
  };
  const measured = (...keys: string[]): number | null => {
    const key = keys.find((name) => lines.has(name));
    const text = key === undefined ? "" : (lines.get(key) ?? "");
    if (key === undefined || text === "") return null;
    const value = numberOf(text);
    const wrong = value === null ? "a number" : impossibleValue(value);
    if (wrong === null) return value;
    refuse(key, text, wrong);
    return null;
  };
  const point: ReadPoint = emptyPoint(path, "MLPerf Results Summary");
  const scenario = (lines.get("scenario") ?? "").toLowerCase();
  // One sample is one request.
  point.requestRateAchieved = measured("completed samples per second", "samples per second");
  point.outputTokensPerSecond = measured(
    "completed tokens per second",
    "tokens per second",
    "tokens per second (inferred)",
  );
  if (
    !lines.has("completed tokens per second") &&
    !lines.has("tokens per second") &&
    point.outputTokensPerSecond !== null
  ) {
    addFlag(point.qualityFlags, "throughput_inferred_by_tool");
  }
  const { requestRateAchieved: rate, outputTokensPerSecond: tokens } = point;
  point.outputTokensMean = rate === null || tokens === null || rate === 0 ? null : tokens / rate;
  for (const [metric, name] of Object.entries(LATENCY_NAMES) as [Metric, string][]) {
    point[latencyField(metric)] = withoutZeros(metric, latency(name, measured));
  }
  if (scenario === "server") {
    const target = measured("target_qps");
    if (target !== null && target > 0) Object.assign(point, { loadKind: "request_rate", loadValue: target });
    else addFlag(point.qualityFlags, "load_unknown");
  } else if (scenario === "offline") {
    point.loadKind = "max";
  } else {
    refuse("scenario", lines.get("scenario") ?? "", "Server or Offline: single-stream scenarios serve no load");
  }
  const verdict = (lines.get("result is") ?? "").toUpperCase();
  if (verdict === "INVALID") addFlag(point.qualityFlags, "result_invalid");
  else if (verdict !== "VALID") addFlag(point.qualityFlags, "result_validity_unknown");
  if (problems.length === 0 && (tokens === null || tokens === 0)) {
    const expected = "tokens per second: results of other benchmarks than language models are not read";
    refuse("completed tokens per second", lines.get("completed tokens per second") ?? "", expected);
  }
  return { point: problems.length > 0 ? null : point, problems };
}

function latency(name: string, measured: (...keys: string[]) => number | null): LatencyStatistics | null {
  return statisticsFrom((statistic) => {
    const nanoseconds = measured(
      `${PREFIXES[statistic]} ${name}`,
      `${PREFIXES[statistic]} ${MEAN_NAMES[name] ?? name}`,
    );
    return nanoseconds === null ? null : nanoseconds / NS_PER_MS;
  });
}

const PREFIXES: Record<Statistic, string> = {
  mean: "mean",
  p50: "50.00 percentile",
  p90: "90.00 percentile",
  p95: "95.00 percentile",
  p99: "99.00 percentile",
};
