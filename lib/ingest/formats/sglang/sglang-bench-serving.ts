import type { DraftRun } from "../../facts/draft-run";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, textAt } from "../../parse/fields";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { holdsResult, type ResultFormat, readResultFiles, resultRecords } from "../result-files";
import { failedRequestsOf } from "../serving-client/client-request-times";
import { type ClientDialect, readClientPoint } from "../serving-client/client-result";
import { sglangServerInfo } from "./sglang-server-info";

const FORMAT = "sglang-bench-serving";

/** Keys of every version: the refactored one writes the names of its data class (`total_input`). */
export const sglangDialect: ClientDialect = {
  metricKeys: { ttft: ["ttft"], tpot: ["tpot"], itl: ["itl"], e2e: ["e2e_latency"] },
  requestThroughput: ["request_throughput"],
  totalThroughput: ["total_throughput"],
  inputTokens: ["total_input_tokens", "total_input"],
  outputTokens: ["total_output_tokens", "total_output"],
  // No rate is written as `Infinity`; whoever rewrites the file as strict JSON makes it null.
  missingRate: "unlimited",
  withoutStreaming: () => false,
  failedRequests: (record) => failedRequestsOf(record),
  outputTokensElsewhere: ["total_output_tokens_retokenized", "total_output_retokenized"],
};

const results: ResultFormat = {
  name: "a result of sglang.bench_serving",
  isResult: isSglangResult,
  readPoint: (path, location, record) =>
    readClientPoint(path, location, record, {
      ...sglangDialect,
      failedRequests: (result, completed) => failedRequestsOf(result) ?? failedByName(path, result, completed),
    }),
  draft,
};

/** `python -m sglang.bench_serving` (later `sglang.benchmark.serving`): one line a load point, latencies in ms. */
export const sglangBenchServing: Adapter = {
  format: FORMAT,
  label: "sglang.bench_serving results (one object a line)",
  requestLists: ["generated_texts"],
  spareLists: ["itls"],
  factsWin: "flags",
  sniff: (file) => holdsResult(file, isSglangResult),
  records: resultRecords(results),
  read: (files) => readResultFiles(files, results),
};

/** True for a result of any version; vLLM's client, where both descend from, writes the model's name. */
function isSglangResult(value: unknown): boolean {
  if (!isRecord(value) || own(value, "model_id") !== undefined) return false;
  const has = (key: string) => own(value, key) !== undefined;
  return (
    has("completed") &&
    has("duration") &&
    (has("total_output_tokens_retokenized") || has("total_output_retokenized") || has("mean_e2e_latency_ms"))
  );
}

/** The tool names its files by the planned requests: `sglang_1214_300_1024_1024.jsonl`. Else failures are not known. */
function failedByName(path: string, record: JsonRecord, completed: number): number | null {
  const name = /(?:^|\/)([a-z-]+)_\d{4}_(\d{1,7})_[^/]*\.jsonl$/.exec(path);
  const planned = Number(name?.[2]);
  return name !== null && name[1] === textAt(record, "backend") && planned >= completed ? planned - completed : null;
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const server = sglangServerInfo(record);
  const extras: NonNullable<ReadPoint["extras"]> = Object.fromEntries(
    ["tag", "accept_length", "random_range_ratio", "concurrency"].flatMap((key) => {
      const value = own(record, key);
      return typeof value === "string" || typeof value === "number" ? [[key, value]] : [];
    }),
  );
  return {
    format: FORMAT,
    tool: "sglang.bench_serving",
    measuredOn: null,
    stated: { ...server.stated, ...sglangWorkload(record) },
    hints: { ...serverHint(record), ...server.hints },
    seriesKey: null,
    qualityFlags: [],
    // Lengths drawn from another range are another workload though they are called the same.
    variant: JSON.stringify(own(record, "random_range_ratio") ?? null),
    points: [Object.keys(extras).length === 0 ? point : { ...point, extras }],
    files: [path],
  };
}

/**
 * Data set and nominal lengths. The random lengths are written whatever the data set was; with a range ratio r they are
 * drawn evenly between r × length and length, so their mean is the middle.
 */
export function sglangWorkload(record: JsonRecord): GivenFacts {
  const facts: GivenFacts = {};
  const dataset = textAt(record, "dataset_name");
  if (dataset === null) return facts;
  facts.dataset = dataset.toLowerCase().replace(/[\s_]+/g, "-");
  const ratio = numberOf(own(record, "random_range_ratio"));
  if (!/^random(?:-ids)?$/.test(facts.dataset) || ratio === null || !(ratio >= 0 && ratio <= 1)) return facts;
  const middle = (longest: number) => Math.max(1, Math.round((longest * (1 + ratio)) / 2));
  const input = positiveIntegerOf(own(record, "random_input_len"));
  const output = positiveIntegerOf(own(record, "random_output_len"));
  if (input !== null) facts.inputTokens = middle(input);
  if (output !== null) facts.outputTokens = middle(output);
  return facts;
}

/**
 * `backend` is the protocol the client spoke. Two of them only one server speaks; `vllm`, `lmdeploy` and `sglang-oai` are the OpenAI
 * protocol under other names, which every server speaks.
 */
function serverHint(record: JsonRecord): GivenFacts {
  const backend = textAt(record, "backend");
  if (backend === "sglang" || backend === "sglang-native") return { server: "sglang" };
  return backend === "trt" ? { server: "trtllm" } : {};
}
