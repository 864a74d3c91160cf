import { measuresSomething } from "../../../measurement/measurement";
import { addFlag, type QualityFlag } from "../../../measurement/quality-flags";
import { emptyPoint, type FieldSink, withoutZeros } from "../../parse/fields";
import { problem } from "../../problem";
import type { ReadPoint } from "../../report";
import { entryLatency, type MetricTable, meanOf, rateOf, requestsOf, secondsOf } from "./nvidia-metrics";

/** A load as a report of either tool states it. */
export interface NvidiaClientLoad {
  concurrency: number | null;
  requestRate: number | null;
  /** Read off a directory's name, not stated in the report itself. */
  fromName: boolean;
  flags: QualityFlag[];
}

/**
 * Reads the metrics of one load point of GenAI-Perf or AIPerf. `inter_token_latency` is (e2e − TTFT) ÷ (output tokens − 1) of
 * each request in both: our TPOT. AIPerf's `inter_chunk_latency`, pooled over all chunks, is the nearest to an ITL.
 * The first GenAI-Perf versions (early 2024, times in ns) pooled the gaps between tokens under the same name: there it is an
 * ITL. `streamed` false: what looks like a TTFT is the whole answer's latency. `roundedRates`: rates have two decimals, so that
 * count and duration tell the rate of requests better. Problems go into the sink.
 */
export function readNvidiaPoint(
  sink: FieldSink,
  location: string,
  table: MetricTable,
  context: { streamed: boolean | null; roundedRates?: boolean },
): ReadPoint {
  const point: ReadPoint = emptyPoint(sink.file, location);
  point.requestsCompleted = requestsOf(sink, table.get("request_count"));
  point.requestRateAchieved = rateOf(sink, table.get("request_throughput"));
  point.outputTokensPerSecond = rateOf(sink, table.get("output_token_throughput"));
  const rate = point.requestRateAchieved;
  const completed = point.requestsCompleted;
  point.durationS =
    secondsOf(sink, table.get("benchmark_duration")) ??
    (completed !== null && rate !== null && rate > 0 ? completed / rate : null);
  point.inputTokensMean = meanOf(sink, first(table, "input_sequence_length", "num_input_token", "num_input_tokens"));
  point.outputTokensMean = meanOf(
    sink,
    first(table, "output_sequence_length", "num_output_token", "num_output_tokens"),
  );
  if (
    context.roundedRates === true &&
    table.has("benchmark_duration") &&
    completed !== null &&
    point.durationS !== null
  ) {
    point.requestRateAchieved = completed / point.durationS;
  }
  readTokenRates(sink, table, point);

  point.e2eMs = withoutZeros("e2e", entryLatency(sink, table.get("request_latency")));
  const ttft = withoutZeros("ttft", entryLatency(sink, table.get("time_to_first_token")));
  const perToken = table.get("inter_token_latency");
  const pooled = perToken?.unit?.trim().toLowerCase() === "ns";
  const spread = withoutZeros(pooled ? "itl" : "tpot", entryLatency(sink, perToken));
  const chunks = withoutZeros("itl", entryLatency(sink, table.get("inter_chunk_latency")));
  if (context.streamed !== false) {
    point.ttftMs = ttft;
    point.tpotMs = pooled ? null : spread;
    point.itlMs = chunks ?? (pooled ? spread : null);
  }
  return point;
}

/** Takes a load over into a point; a request rate with a limit of requests in flight keeps the limit as a caveat. */
export function setLoad(point: ReadPoint, load: NvidiaClientLoad): void {
  for (const flag of load.flags) addFlag(point.qualityFlags, flag);
  if (load.requestRate !== null) {
    point.loadKind = "request_rate";
    point.loadValue = load.requestRate;
    if (load.concurrency !== null) addFlag(point.qualityFlags, `max_concurrency_${load.concurrency}`);
  } else if (load.concurrency !== null) {
    point.loadKind = "concurrency";
    point.loadValue = load.concurrency;
  } else {
    addFlag(point.qualityFlags, "load_unknown");
    return;
  }
  if (load.fromName) addFlag(point.qualityFlags, "load_from_directory_name");
}

/**
 * The load in the name both tools give their directories (`…-chat-concurrency8`, `…-request_rate2.5`), innermost first; no
 * load where there is none.
 */
export function loadInName(...names: (string | null)[]): NvidiaClientLoad {
  for (const name of names) {
    const match = [...(name ?? "").matchAll(/(?:^|[-_/])(concurrency|request_rate)[-_]?(\d+(?:\.\d+)?)(?=[/]|$)/g)].at(
      -1,
    );
    const value = Number(match?.[2]);
    if (match === undefined || !(value > 0)) continue;
    if (match[1] === "request_rate") return { concurrency: null, requestRate: value, fromName: true, flags: [] };
    if (Number.isSafeInteger(value)) return { concurrency: value, requestRate: null, fromName: true, flags: [] };
  }
  return { concurrency: null, requestRate: null, fromName: false, flags: [] };
}

/** Adds the problem of a point in which nothing was measured; nothing where there are problems already. */
export function refuseEmptyPoint(sink: FieldSink, point: ReadPoint, location: string): void {
  if (sink.problems.length > 0) return;
  if (point.requestsCompleted === 0) {
    const expected = "at least one completed request";
    const sentence = "no request completed, so nothing was measured.";
    sink.problems.push(problem(sink.file, location, 0, expected, `${sink.file}, ${location}: ${sentence}`));
  } else if (!measuresSomething(point)) {
    const expected = "latency or throughput figures";
    sink.problems.push(problem(sink.file, location, "", expected, `${sink.file}, ${location}: holds no ${expected}.`));
  }
}

/** Input and total tokens/s: as stated, else from the totals, else from means and the request rate. */
function readTokenRates(sink: FieldSink, table: MetricTable, point: ReadPoint): void {
  const total = meanOf(sink, table.get("total_isl"));
  const { durationS, inputTokensMean, requestRateAchieved, outputTokensPerSecond } = point;
  point.inputTokensPerSecond =
    total !== null && durationS !== null
      ? total / durationS
      : inputTokensMean !== null && requestRateAchieved !== null
        ? inputTokensMean * requestRateAchieved
        : null;
  const both =
    point.inputTokensPerSecond === null || outputTokensPerSecond === null
      ? null
      : point.inputTokensPerSecond + outputTokensPerSecond;
  point.totalTokensPerSecond = rateOf(sink, table.get("total_token_throughput")) ?? both;
}

function first(table: MetricTable, ...tags: string[]) {
  for (const tag of tags) {
    const entry = table.get(tag);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
