import { ok, refused } from "../../../result";
import type { DraftRun } from "../../facts/draft-run";
import { countAt, emptyPoint, type FieldSink, isRecord, type JsonRecord, measuredAt, own } from "../../parse/fields";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import { type ResultFormat, resultAdapter } from "../result-files";

const FORMAT = "vllm-bench-throughput";

const KEYS = ["elapsed_time", "num_requests", "total_num_tokens", "requests_per_second", "tokens_per_second"];

const results: ResultFormat = { name: "a result of vllm bench throughput", isResult, readPoint, draft };

/** `vllm bench throughput` (and `benchmark_throughput.py`): everything at once to an engine in the same process; no latencies. */
export const vllmBenchThroughput = resultAdapter(FORMAT, "vllm bench throughput results (JSON)", results);

function isResult(value: unknown): boolean {
  return isRecord(value) && KEYS.every((key) => own(value, key) !== undefined) && own(value, "model_id") === undefined;
}

function readPoint(path: string, location: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = { ...emptyPoint(path, location), loadKind: "max" };
  point.requestsCompleted = countAt(sink, record, "num_requests", location);
  const elapsed = measuredAt(sink, record, "elapsed_time", location);
  point.durationS = elapsed === 0 ? null : elapsed;
  point.requestRateAchieved = measuredAt(sink, record, "requests_per_second", location);
  // Input and output together.
  point.totalTokensPerSecond = measuredAt(sink, record, "tokens_per_second", location);
  measuredAt(sink, record, "total_num_tokens", location);
  if (sink.problems.length === 0 && !(point.requestsCompleted !== null && point.requestsCompleted > 0)) {
    const expected = "at least one completed request";
    const message = `${path}, ${location}: no request completed, so nothing was measured.`;
    sink.problems.push(problem(path, location, own(record, "num_requests"), expected, message));
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  return {
    format: FORMAT,
    tool: "vllm bench throughput",
    measuredOn: null,
    stated: {},
    hints: { server: "vllm", ...lengthsOfName(path, record) },
    seriesKey: null,
    // A batch of another size, or of other lengths, was not measured again: it is another batch.
    variant: JSON.stringify([own(record, "num_requests"), tokensPerRequest(record)]),
    qualityFlags: [],
    points: [point],
    files: [path],
  };
}

/**
 * Lengths a person put into the file's name (`in32784_out2048`, `ip32784_op2048`), taken only where the tokens counted are
 * exactly that many a request.
 */
function lengthsOfName(path: string, record: JsonRecord): GivenFacts {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lengths = /(?:^|[^a-z])(?:in|ip|input|isl)[-_]?(\d{1,7})[^0-9a-z]+(?:out|op|output|osl)[-_]?(\d{1,7})/i.exec(
    name,
  );
  if (lengths === null) return {};
  const [inputTokens, outputTokens] = [Number(lengths[1]), Number(lengths[2])];
  return tokensPerRequest(record) === inputTokens + outputTokens && inputTokens > 0 && outputTokens > 0
    ? { inputTokens, outputTokens }
    : {};
}

function tokensPerRequest(record: JsonRecord): number {
  return Number(own(record, "total_num_tokens")) / Number(own(record, "num_requests"));
}
