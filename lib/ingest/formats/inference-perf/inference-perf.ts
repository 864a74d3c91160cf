import { appendAll } from "../../../append-all";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { has, isRecord, type JsonRecord, own, recordAt } from "../../parse/fields";
import { documentsOf, type ParsedDocument, type ParsedFile } from "../../parse/parsed-file";
import { readRecordFile } from "../../parse/records";
import { problem } from "../../problem";
import type { Adapter } from "../adapter";
import { firstOf, hasKeys } from "../companions";
import {
  type InferencePerfConfig,
  isInferencePerfConfig,
  isInferencePerfConfigValue,
  readInferencePerfConfig,
} from "./inference-perf-config";
import { inferencePerfRequests, isRequestRecord } from "./inference-perf-requests";
import { readStage } from "./inference-perf-stage";

/** One lifecycle file: a stage of a run, or all stages pooled. */
interface Lifecycle {
  file: ParsedFile;
  document: ParsedDocument;
  record: JsonRecord;
  /** Text before `stage_…` or `summary_…` in the file's name: files of several runs may share a directory. */
  prefix: string;
  /** Number in the file's name; `null` where it has none. */
  stage: number | null;
  isStage: boolean;
}

/** A file with something else about a run than what its client measured of requests. */
interface OtherReport {
  path: string;
  reason: string;
  /** What to do where there is nothing else of the run. */
  advice: string;
}

const FORMAT = "inference-perf";

const ADVICE =
  "give the run's stage_N_lifecycle_metrics.json (written unless report.request_lifecycle.per_stage is off), its summary or its per-request file";

/**
 * inference-perf (kubernetes-sigs): one directory a run, one lifecycle file a stage, times in seconds. Where there are neither
 * stages nor a summary, the file of single requests is read.
 */
export const inferencePerf: Adapter = {
  format: FORMAT,
  label: "inference-perf lifecycle metrics (JSON or YAML)",
  companions: [
    {
      reason: "per-request records: the stage files hold their statistics",
      isValue: (value) => hasKeys(firstOf(value), ["start_time", "end_time", "request", "response"]),
    },
    {
      reason: "configuration of inference-perf: it completes results beside it and below",
      isValue: isInferencePerfConfigValue,
    },
    { reason: "the tool's own validation findings", isValue: (value) => hasKeys(value, ["global", "reports"]) },
  ],
  requestLists: ["response_chunks"],
  yamlKeys: ["successes", "load_summary"],
  factsWin: "flags",
  companionsAbove: isInferencePerfConfig,
  sniff: (file) =>
    holdsRequests(file) || documentsOf(file).some(({ value }) => isLifecycleShape(value) || isSessionReport(value)),
  records: inferencePerfRequests,
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const others: OtherReport[] = [];
    const requestFiles = files.filter(holdsRequests);
    const lifecycles = files
      .filter((file) => !requestFiles.includes(file))
      .flatMap((file) => lifecyclesOf(file, result, others));
    const configs = companions.filter(isInferencePerfConfig);
    for (const config of configs) {
      result.skipped.push({
        file: config.path,
        reason: "configuration of the run: model, server and lengths are read from it",
      });
    }
    for (const prefix of new Set(lifecycles.map((lifecycle) => lifecycle.prefix))) {
      const group = lifecycles.filter((lifecycle) => lifecycle.prefix === prefix);
      const config = configFor(prefix, configs);
      readGroup(group, config === undefined ? null : readInferencePerfConfig(config), result);
    }
    for (const file of requestFiles) readRequests(file, lifecycles, configs, result);
    for (const { path, reason, advice } of others) {
      if (lifecycles.length > 0 || requestFiles.length > 0) {
        result.skipped.push({ file: path, reason });
      } else {
        const expected = "lifecycle metrics of requests";
        result.problems.push(problem(path, "", "", expected, `${path} holds ${reason}; ${advice}.`));
      }
    }
    return result;
  },
};

/** True for a file of single requests, whether read record by record or held whole. */
function holdsRequests(file: ParsedFile): boolean {
  if (file.kind === "records") return file.format === FORMAT;
  const value = documentsOf(file)[0]?.value;
  return isRequestRecord(Array.isArray(value) ? value[0] : value);
}

const SESSION_KEYS = [
  ["num_sessions", "session_duration_sec"],
  ["session_id", "num_events", "duration_sec"],
];

/** Sessions of agents and replayed traces: of a stage, of the run, or one by one. */
function isSessionReport(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isRecord(first) && SESSION_KEYS.some((keys) => keys.every((key) => has(first, key)));
}

/** The file of single requests, where there is no summary of them. */
function readRequests(
  file: ParsedFile,
  lifecycles: readonly Lifecycle[],
  configs: ParsedFile[],
  result: AdapterResult,
): void {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const prefix = /^(.*?)per_request/.exec(name)?.[1] ?? null;
  const sums = lifecycles.find((lifecycle) => prefix === null || lifecycle.prefix === prefix);
  if (sums !== undefined) {
    const reason = `per-request records: ${sums.isStage ? "the stage files hold" : "the summary holds"} their statistics`;
    result.skipped.push({ file: file.path, reason });
    return;
  }
  const config = configFor(prefix ?? "", configs);
  const read = readRecordFile(file, inferencePerfRequests, config === undefined ? [] : [config]);
  const measuredOn = directoryDate(file.path);
  for (const draft of read.drafts) {
    result.drafts.push(measuredOn === null ? draft : withDirectoryDate(draft, measuredOn));
  }
  appendAll(result.problems, read.problems);
}

const LIFECYCLE_KEYS = ["load_summary", "successes", "failures"];

function isLifecycleShape(value: unknown): boolean {
  return isRecord(value) && LIFECYCLE_KEYS.every((key) => has(value, key));
}

/** Lifecycle documents of a file worth reading; everything else of it is left out with its reason. */
function lifecyclesOf(file: ParsedFile, result: AdapterResult, others: OtherReport[]): Lifecycle[] {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const skip = (reason: string): Lifecycle[] => {
    result.skipped.push({ file: file.path, reason });
    return [];
  };
  if (/(?:^|[^a-z])adapter_.+_lifecycle_metrics\.\w+$/.test(name)) {
    return skip("metrics of one LoRA adapter: the stage files hold all requests");
  }
  const named = /^(.*?)stage_(-?\d+)_/.exec(name);
  const stage = named === null ? null : Number(named[2]);
  if (stage !== null && stage < 0) return skip("a preparing stage (negative number), not a load point");
  const found: Lifecycle[] = [];
  const leaveOut = (reason: string): Lifecycle[] => {
    others.push({ path: file.path, reason, advice: ADVICE });
    return [];
  };
  for (const document of documentsOf(file)) {
    const record = document.value;
    if (isSessionReport(record)) return leaveOut("session metrics: a session rate is not a request rate");
    if (!isRecord(record) || !isLifecycleShape(record)) continue;
    const successes = recordAt(record, "successes");
    if (successes === null || own(successes, "latency") === undefined) {
      const serverSide =
        successes !== null && ["request_latency", "queue_len", "rate"].some((key) => own(successes, key) !== undefined);
      // A run without any success has no latency either; it is refused below, with a reason of its own.
      if (serverSide) return leaveOut("server-side (Prometheus) estimates, kept apart from what the client measured");
    }
    const load = recordAt(record, "load_summary");
    const loadStated = ["send_duration", "requested_rate", "concurrency"].some(
      (key) => load !== null && own(load, key) !== undefined,
    );
    const prefix = named?.[1] ?? /^(.*?)summary_/.exec(name)?.[1] ?? "";
    found.push({ file, document, record, prefix, stage, isStage: stage !== null || loadStated });
  }
  return found;
}

/** The configuration of a prefix: the one whose name carries it, else the only one of the directory. */
function configFor(prefix: string, configs: ParsedFile[]): ParsedFile | undefined {
  const exact = configs.find((config) =>
    new RegExp(`(?:^|/)${escaped(prefix)}config\\.(?:ya?ml|json)$`).test(config.path),
  );
  return exact ?? (configs.length === 1 ? configs[0] : undefined);
}

/** Numbered stages form one run; files without a number are runs of their own, joined later where they fit together. */
function readGroup(group: Lifecycle[], config: InferencePerfConfig | null, result: AdapterResult): void {
  const stages = group.filter((lifecycle) => lifecycle.isStage);
  for (const summary of group.filter((lifecycle) => !lifecycle.isStage)) {
    if (stages.length > 0) {
      result.skipped.push({
        file: summary.file.path,
        reason: "pools all stages of the run: its stage files are read instead",
      });
    } else {
      addDraft([summary], config, result);
    }
  }
  const numbered = new Map<number, Lifecycle>();
  for (const lifecycle of stages) {
    if (lifecycle.stage === null) {
      addDraft([lifecycle], config, result);
      continue;
    }
    const other = numbered.get(lifecycle.stage);
    if (other === undefined) {
      numbered.set(lifecycle.stage, lifecycle);
    } else if (JSON.stringify(sorted(other.record)) === JSON.stringify(sorted(lifecycle.record))) {
      result.skipped.push({ file: lifecycle.file.path, reason: `the same stage as ${other.file.path}` });
    } else {
      const message = `${lifecycle.file.path} and ${other.file.path} both claim stage ${lifecycle.stage} of one run; keep one, or put the runs into directories of their own.`;
      result.problems.push(problem(lifecycle.file.path, "", lifecycle.stage, "one file a stage", message));
    }
  }
  addDraft(
    [...numbered.entries()].sort(([a], [b]) => a - b).map(([, lifecycle]) => lifecycle),
    config,
    result,
  );
}

function addDraft(lifecycles: Lifecycle[], config: InferencePerfConfig | null, result: AdapterResult): void {
  const points: DraftRun["points"] = [];
  for (const { file, document, record, stage, isStage } of lifecycles) {
    const read = readStage(file.path, document.location, record, { stage, isStage, config });
    if (!read.ok) appendAll(result.problems, read.error);
    else points.push(read.value);
  }
  const [first] = points;
  if (first === undefined) return;
  const files = [...new Set(points.map((point) => point.file))];
  const pooled = lifecycles.every((lifecycle) => !lifecycle.isStage);
  const draft: DraftRun = {
    format: FORMAT,
    tool: "inference-perf",
    measuredOn: null,
    stated: config?.stated ?? {},
    hints: { ...config?.hints },
    seriesKey: config?.seriesKey ?? null,
    qualityFlags: pooled ? ["aggregate_over_stages"] : [],
    points,
    files: config === null ? files : [...files, config.path],
  };
  const measuredOn = directoryDate(first.file);
  result.drafts.push(measuredOn === null ? draft : withDirectoryDate(draft, measuredOn));
}

/** The path may or may not include the directory's name, so the date in it is no part of the identity of the points. */
function withDirectoryDate(draft: DraftRun, measuredOn: string): DraftRun {
  return {
    ...draft,
    measuredOn,
    qualityFlags: ["date_from_directory_name", ...draft.qualityFlags],
    points: draft.points.map((point) => ({ ...point, measuredOn: null })),
  };
}

/** The tool names its directories `reports-YYYYMMDD-HHMMSS`; its files carry no date. */
function directoryDate(path: string): string | null {
  const match = /(?:^|\/)reports-(20\d{2})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\//.exec(path);
  return match === null ? null : `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Keys in one order at every level: a YAML copy sorts them, the JSON does not. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(own(value, key))]),
  );
}
