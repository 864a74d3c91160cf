import { MAX_PROBLEMS_PER_FILE } from "../../../limits";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { isoOfEpochSeconds } from "../../parse/epoch";
import {
  emptyPoint,
  isRecord,
  type JsonRecord,
  memberPath,
  numberOf,
  own,
  recordAt,
  textAt,
  withoutZeros,
} from "../../parse/fields";
import type { RecordFormat, RecordReader } from "../../parse/parsed-file";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { directoryPrefix } from "../../parse/paths";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { toMsFrom } from "../nvidia-client/nvidia-metrics";
import { loadInName, setLoad } from "../nvidia-client/nvidia-point";
import { SampleAccumulator } from "../sample-accumulator";

const NS_PER_SECOND = 1e9;

/** One request a line in AIPerf's `profile_export.jsonl`; the raw export beside it has no metrics. */
export function isAiperfRecord(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const metadata = recordAt(value, "metadata");
  const metrics = own(value, "metrics");
  return (
    metadata !== null && own(metadata, "request_start_ns") !== undefined && (isRecord(metrics) || metrics === null)
  );
}

/** AIPerf's single requests, read one by one: their values are collected, the records are not kept. */
export function aiperfRecords(draft: (point: ReadPoint) => DraftRun): RecordFormat {
  return {
    sniff: isAiperfRecord,
    reader: ({ path }) => new AiperfRecordReader(path, draft),
  };
}

class AiperfRecordReader implements RecordReader {
  private readonly problems: Problem[] = [];
  private completed = 0;
  private failed = 0;
  private firstStartNs = Number.POSITIVE_INFINITY;
  private lastEndNs = Number.NEGATIVE_INFINITY;
  private inputTokens = { sum: 0, requests: 0 };
  private outputTokens = { sum: 0, requests: 0 };
  private readonly latencies = {
    request_latency: new SampleAccumulator(),
    time_to_first_token: new SampleAccumulator(),
    inter_token_latency: new SampleAccumulator(),
    inter_chunk_latency: new SampleAccumulator(),
  };

  constructor(
    private readonly path: string,
    private readonly draft: (point: ReadPoint) => DraftRun,
  ) {}

  add(value: unknown, location: string): void {
    if (!isRecord(value) || !isAiperfRecord(value)) {
      this.refuse(location, value, "a request of AIPerf", "is no request like the rest of the file.");
      return;
    }
    const metadata = recordAt(value, "metadata") ?? {};
    // Early versions have no phase: everything was measured.
    const phase = textAt(metadata, "benchmark_phase");
    if (phase !== null && phase !== "profiling") return;
    const error = own(value, "error");
    if ((error !== null && error !== undefined) || own(metadata, "was_cancelled") === true) {
      this.failed += 1;
      return;
    }
    this.completed += 1;
    const metadataAt = memberPath(location, "metadata");
    const start = this.number(own(metadata, "request_start_ns"), memberPath(metadataAt, "request_start_ns"));
    const end = this.number(own(metadata, "request_end_ns"), memberPath(metadataAt, "request_end_ns"));
    if (start !== null) this.firstStartNs = Math.min(this.firstStartNs, start);
    if (end !== null) this.lastEndNs = Math.max(this.lastEndNs, end);
    this.addMetrics(recordAt(value, "metrics") ?? {}, memberPath(location, "metrics"));
  }

  finish(companions: readonly ParsedFile[]): AdapterResult {
    if (this.completed === 0 && this.problems.length === 0) {
      this.refuse("", this.failed, "at least one completed request", "no request completed, so nothing was measured.");
    }
    if (this.problems.length > 0) return { drafts: [], problems: this.problems, skipped: [] };
    const point = this.point();
    const start = isoOfEpochSeconds(this.firstStartNs / NS_PER_SECOND);
    if (start !== null) point.evidence = { ...point.evidence, clock: start };
    const draft = { ...this.draft(point), measuredOn: start };
    // The requests as sent hold prompts: the model is read from them, their bytes are not kept with the run.
    const models = companions
      .filter((file) => directoryPrefix(file.path) === directoryPrefix(this.path))
      .flatMap((file) => modelOfInputs(file) ?? []);
    if (models[0] !== undefined) draft.hints.model = models[0];
    return { drafts: [draft], problems: [], skipped: [] };
  }

  private addMetrics(metrics: JsonRecord, location: string): void {
    for (const [tag, samples] of Object.entries(this.latencies)) {
      const metric = recordAt(metrics, tag);
      if (metric === null) continue;
      const tagAt = memberPath(location, tag);
      const toMs = toMsFrom(textAt(metric, "unit"));
      if (toMs === null) {
        this.refuse(memberPath(tagAt, "unit"), own(metric, "unit"), "ns, us, ms or s", "names no unit of time.");
        continue;
      }
      const value = own(metric, "value");
      const valueAt = memberPath(tagAt, "value");
      const values: unknown[] = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
      for (const [index, item] of values.entries()) {
        const number = this.number(item, Array.isArray(value) ? `${valueAt}[${index}]` : valueAt);
        if (number !== null) samples.add(toMs(number));
      }
    }
    this.addTokens(metrics, "input_sequence_length", this.inputTokens, location);
    this.addTokens(metrics, "output_sequence_length", this.outputTokens, location);
  }

  private addTokens(
    metrics: JsonRecord,
    tag: string,
    total: { sum: number; requests: number },
    location: string,
  ): void {
    const value = own(recordAt(metrics, tag) ?? {}, "value");
    if (value === undefined || value === null) return;
    const tokens = this.number(value, memberPath(memberPath(location, tag), "value"));
    if (tokens === null) return;
    total.sum += tokens;
    total.requests += 1;
  }

  private point(): ReadPoint {
    const point: ReadPoint = emptyPoint(this.path, "$");
    point.requestsCompleted = this.completed;
    point.requestsFailed = this.failed;
    // The tool's own window: from the first request sent to the last answer of those that succeeded.
    const durationS = (this.lastEndNs - this.firstStartNs) / NS_PER_SECOND;
    const seconds = Number.isFinite(durationS) && durationS > 0 ? durationS : null;
    const perSecond = (amount: number) => (seconds === null ? null : amount / seconds);
    const { inputTokens, outputTokens } = this;
    point.durationS = seconds;
    point.requestRateAchieved = perSecond(this.completed);
    if (outputTokens.requests > 0) {
      point.outputTokensPerSecond = perSecond(outputTokens.sum);
      point.outputTokensMean = outputTokens.sum / outputTokens.requests;
    }
    if (inputTokens.requests > 0) {
      point.inputTokensPerSecond = perSecond(inputTokens.sum);
      point.inputTokensMean = inputTokens.sum / inputTokens.requests;
    }
    if (inputTokens.requests > 0 && outputTokens.requests > 0) {
      point.totalTokensPerSecond = perSecond(inputTokens.sum + outputTokens.sum);
    }
    point.evidence = {
      ...(inputTokens.requests > 0 ? { requestsWithInputCount: inputTokens.requests } : {}),
      ...(outputTokens.requests > 0 ? { requestsWithOutputCount: outputTokens.requests } : {}),
    };
    const collected = Object.values(this.latencies).map((samples) => samples.statisticsMs(1));
    const [e2e, ttft, tpot, itl] = collected.map(({ statistics }) => statistics);
    point.e2eMs = withoutZeros("e2e", e2e ?? null);
    point.ttftMs = withoutZeros("ttft", ttft ?? null);
    point.tpotMs = withoutZeros("tpot", tpot ?? null);
    point.itlMs = withoutZeros("itl", itl ?? null);
    addFlag(point.qualityFlags, "percentiles_from_request_times");
    if (collected.some(({ approximate }) => approximate)) addFlag(point.qualityFlags, "percentiles_approximate");
    setLoad(point, loadInName(directoryPrefix(this.path)));
    return point;
  }

  private number(value: unknown, location: string): number | null {
    const number = numberOf(value);
    const wrong =
      number === null ? "a number" : impossibleValue(location.endsWith("_ns") ? number / NS_PER_SECOND : number);
    if (wrong === null) return number;
    this.refuse(location, value, wrong, `the measured value cannot be taken; expected ${wrong}.`);
    return null;
  }

  /** A broken export repeats the same mistake on every line, however long the file is: only the first problems are kept. */
  private refuse(location: string, value: unknown, expected: string, sentence: string): void {
    if (this.problems.length > MAX_PROBLEMS_PER_FILE) return;
    const subject = location === "" ? this.path : `${this.path}, ${location}`;
    this.problems.push(problem(this.path, location, value, expected, `${subject}: ${sentence}`));
  }
}

/** `inputs.json` holds the requests as sent; the only fact in it is the model they name, if they all name one. */
export function modelOfInputs(file: ParsedFile): string | null {
  const value = documentsOf(file)[0]?.value;
  const sessions = isRecord(value) ? own(value, "data") : undefined;
  if (!Array.isArray(sessions)) return null;
  const names = new Set<string>();
  for (const session of sessions) {
    const payloads = isRecord(session) && textAt(session, "session_id") !== null ? own(session, "payloads") : undefined;
    if (!Array.isArray(payloads)) return null;
    for (const payload of payloads) {
      const name = isRecord(payload) ? textAt(payload, "model") : null;
      if (name !== null) names.add(name);
    }
  }
  const [name, ...others] = names;
  return name === undefined || others.length > 0 ? null : name;
}
