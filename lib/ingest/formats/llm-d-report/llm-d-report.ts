import { appendAll } from "../../../append-all";
import { isIsoDate } from "../../facts/canonical";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { isoOfEpochSeconds } from "../../parse/epoch";
import { isRecord, type JsonRecord, own, recordAt, textAt } from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Adapter } from "../adapter";
import { scenarioFacts } from "./llm-d-report-facts";
import { loadTool } from "./llm-d-report-load";
import { readLlmdPoint } from "./llm-d-report-point";

/** Made-up clocks of fragments start in 1970. */
const EARLIEST_DATE = "2020";

/**
 * llm-d benchmark reports v0.1, v0.2 and v0.2.1: one report a load point, converted from a tool's native result, and the
 * fragments inference-perf writes itself. The tool's window may be missing: v0.2 reports made from inference-perf state the
 * time of the whole run, which a point then flags as contradicting its throughput.
 */
export const llmdReport: Adapter = {
  format: "llm-d-benchmark-report",
  label: "llm-d benchmark reports (YAML or JSON)",
  factsWin: "flags",
  sniff: (file) => documentsOf(file).some(({ value }) => versionOf(value) !== null),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const newer = new Map(
      files.flatMap((file) => {
        const name = convertedName(file.path);
        return name !== null && !isFirstVersionFile(file) ? [[name, file.path] as const] : [];
      }),
    );
    const seen = new Map<string, string>();
    for (const file of files) {
      const name = convertedName(file.path);
      const other = name === null ? undefined : newer.get(name);
      if (other !== undefined && isFirstVersionFile(file)) {
        result.skipped.push({ file: file.path, reason: `the older form of ${other}: that file is read instead` });
      } else {
        readFile(file, seen, result);
      }
    }
    return result;
  },
  copyOf: (path) => {
    const { directory, name } = partsOf(path);
    const fragment = /^(.*)inference-perf\.partial\.stage_(\d+)\.(?:ya?ml|json)$/.exec(name);
    if (fragment !== null) return `${directory}${fragment[1]}stage_${fragment[2]}_lifecycle_metrics.json`;
    const converted = /^benchmark_report(?:_v\d+(?:\.\d+)*)?,?_(.+)\.(?:ya?ml|json)$/.exec(name)?.[1];
    // One file of several load points (GuideLLM) is converted into reports numbered after its name.
    return converted === undefined ? null : directory + converted.replace(/(\.(?:json|ya?ml))_\d+$/, "$1");
  },
};

/** Which native result, and which load point of it, a converted report is of; `null` for other names. */
function convertedName(path: string): string | null {
  const { directory, name } = partsOf(path);
  const converted = /^benchmark_report(?:_v\d+(?:\.\d+)*)?,?_(.+)\.(?:ya?ml|json)$/.exec(name)?.[1];
  return converted === undefined ? null : directory + converted.replace(/(\.(?:json|ya?ml))_0$/, "$1");
}

function partsOf(path: string): { directory: string; name: string } {
  const start = path.lastIndexOf("/") + 1;
  return { directory: path.slice(0, start), name: path.slice(start) };
}

function isFirstVersionFile(file: ParsedFile): boolean {
  return documentsOf(file).some(({ value }) => versionOf(value) === "first");
}

/** `first` for v0.1, `second` for v0.2 and v0.2.1; `null` for anything else. */
function versionOf(value: unknown): "first" | "second" | null {
  if (!isRecord(value)) return null;
  const version = own(value, "version");
  if ((typeof version !== "string" && typeof version !== "number") || !String(version).startsWith("0.")) return null;
  const has = (key: string) => own(value, key) !== undefined;
  if (has("run") && has("results")) return "second";
  return has("scenario") && has("metrics") ? "first" : null;
}

function readFile(file: ParsedFile, seen: Map<string, string>, result: AdapterResult): void {
  const drafts: DraftRun[] = [];
  let reason: string | null = null;
  const problemsBefore = result.problems.length;
  for (const { location, value } of documentsOf(file)) {
    const version = versionOf(value);
    if (version === null || !isRecord(value)) {
      const expected = "an llm-d benchmark report";
      result.problems.push(
        problem(
          file.path,
          location,
          value,
          expected,
          `${file.path}, ${location}: is not ${expected} like the rest of the file.`,
        ),
      );
      continue;
    }
    if (isSessionsOnly(value, version)) {
      reason = "session metrics: a session rate is not a request rate";
      continue;
    }
    const read = readLlmdPoint(file.path, location, value, version === "first");
    if (!read.ok) {
      appendAll(result.problems, read.error);
      continue;
    }
    const { file: _file, location: _at, ...measurement } = read.value;
    const draft = draftOf(file.path, value, version, read.value);
    const key = JSON.stringify([draft.measuredOn, draft.stated, draft.hints, draft.variant, measurement]);
    const before = seen.get(key);
    if (before !== undefined) {
      reason = `the same report as ${before}`;
      continue;
    }
    seen.set(key, file.path);
    drafts.push(draft);
  }
  if (result.problems.length > problemsBefore) return;
  appendAll(result.drafts, drafts);
  if (drafts.length === 0 && reason !== null) result.skipped.push({ file: file.path, reason });
}

/** Reports of sessions state no requests; those of v0.1 state zeros and say what they are of. */
function isSessionsOnly(report: JsonRecord, version: "first" | "second"): boolean {
  if (version === "first") {
    const metadata = recordAt(recordAt(recordAt(report, "scenario"), "load"), "metadata");
    return textAt(metadata, "file_type") === "session_lifecycle";
  }
  const results = recordAt(report, "results");
  const aggregate = recordAt(recordAt(results, "request_performance"), "aggregate");
  return aggregate === null && recordAt(results, "session_performance") !== null;
}

function draftOf(
  path: string,
  report: JsonRecord,
  version: "first" | "second",
  point: DraftRun["points"][number],
): DraftRun {
  const scenario = recordAt(report, "scenario");
  const { stated, hints, variant } = scenarioFacts(scenario, version === "first");
  const load = recordAt(recordAt(scenario, "load"), "standardized");
  const measuredOn = version === "first" ? startOf(report) : timeOf(report);
  return {
    format: llmdReport.format,
    tool: loadTool(scenario),
    toolVersion: textAt(load, "tool_version"),
    measuredOn,
    stated,
    hints,
    seriesKey: null,
    qualityFlags: [],
    variant,
    points: [{ ...point, measuredOn }],
    files: [path],
  };
}

function startOf(report: JsonRecord): string | null {
  const time = recordAt(recordAt(report, "metrics"), "time");
  return time === null ? null : isoOfEpochSeconds(own(time, "start"));
}

function timeOf(report: JsonRecord): string | null {
  const time = recordAt(recordAt(report, "run"), "time");
  const stated = textAt(time, "start") ?? textAt(time, "end");
  return stated !== null && isIsoDate(stated) && stated >= EARLIEST_DATE ? stated : null;
}
