import type { Adapter, AdapterResult } from "../adapter";
import type { DraftRun } from "../complete-run";
import { isRecord, type JsonRecord, own, recordAt } from "../fields";
import { documentsOf, type ParsedDocument, type ParsedFile } from "../parse-file";
import { problem } from "../problem";
import { type InferencePerfConfig, isInferencePerfConfig, readInferencePerfConfig } from "./inference-perf-config";
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

/** inference-perf (kubernetes-sigs): one directory a run, one lifecycle file a stage, times in seconds. */
export const inferencePerf: Adapter = {
  format: "inference-perf",
  label: "inference-perf lifecycle metrics (JSON or YAML)",
  factsWin: "flags",
  sniff: (file) => documentsOf(file).some((document) => isLifecycleShape(document.value)),
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const lifecycles = files.flatMap((file) => lifecyclesOf(file, result));
    const configs = companions.filter(isInferencePerfConfig);
    for (const config of configs) {
      result.skipped.push({
        file: config.path,
        reason: "configuration of the run: model, server and lengths are read from it",
      });
    }
    for (const prefix of new Set(lifecycles.map((lifecycle) => lifecycle.prefix))) {
      const group = lifecycles.filter((lifecycle) => lifecycle.prefix === prefix);
      readGroup(group, configFor(prefix, configs), result);
    }
    return result;
  },
};

function isLifecycleShape(value: unknown): boolean {
  return isRecord(value) && ["load_summary", "successes", "failures"].every((key) => own(value, key) !== undefined);
}

/** Lifecycle documents of a file worth reading; everything else of it is skipped with its reason. */
function lifecyclesOf(file: ParsedFile, result: AdapterResult): Lifecycle[] {
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
  for (const document of documentsOf(file)) {
    const record = document.value;
    if (!isRecord(record) || !isLifecycleShape(record)) continue;
    const successes = recordAt(record, "successes");
    if (successes === null || own(successes, "latency") === undefined) {
      const serverSide =
        successes !== null && ["request_latency", "queue_len", "rate"].some((key) => own(successes, key) !== undefined);
      // A run without any success has no latency either; it is refused below, with a reason of its own.
      if (serverSide) return skip("server-side (Prometheus) estimates, kept apart from what the client measured");
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
function configFor(prefix: string, configs: ParsedFile[]): InferencePerfConfig | null {
  const exact = configs.find((config) =>
    new RegExp(`(?:^|/)${escaped(prefix)}config\\.(?:ya?ml|json)$`).test(config.path),
  );
  const config = exact ?? (configs.length === 1 ? configs[0] : undefined);
  return config === undefined ? null : readInferencePerfConfig(config);
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
    const read = readStage(file.path, document.at, record, { stage, isStage, config });
    if (read.kind === "problems") result.problems.push(...read.problems);
    else points.push(read.point);
  }
  const [first] = points;
  if (first === undefined) return;
  const files = [...new Set(points.map((point) => point.file))];
  const stated = config?.stated ?? {};
  const hints = { ...config?.hints };
  const qualityFlags: string[] = [];
  const measuredOn = directoryDate(first.file);
  if (measuredOn !== null) {
    qualityFlags.push("date_from_directory_name");
    // The directory's name may be part of the path or not: it takes no part in the identity of the points.
    for (const point of points) point.measuredOn = null;
  }
  if (lifecycles.every((lifecycle) => !lifecycle.isStage)) qualityFlags.push("aggregate_over_stages");
  result.drafts.push({
    format: inferencePerf.format,
    tool: "inference-perf",
    measuredOn,
    stated,
    hints,
    seriesKey: config?.seriesKey ?? null,
    qualityFlags,
    points,
    files: config === null ? files : [...files, config.path],
  });
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
