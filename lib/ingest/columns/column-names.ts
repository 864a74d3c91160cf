import type { Metric, Statistic } from "../../measurement/latency";
import { latencyColumn } from "../../measurement/latency";
import { figuresCsvColumns } from "../figures/figures-columns";

/** What a column is likely to be, by its name. */
export interface NamedColumn {
  field: string;
  /** Unit as the name says it; `null` = it does not. */
  unit: string | null;
  /** True where the name leaves no doubt about the field. */
  sure: boolean;
  /** What to look at, as a sentence; `null` = nothing. */
  note: string | null;
}

/** A name in words: lower case, camel case and punctuation taken apart, blanks at both ends so that words can be matched whole. */
function wordsOf(name: string): string {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/\bp\s*[.(]?\s*(\d\d)/gi, " p$1")
    .toLowerCase()
    .replace(/(\d{2})\s*(?:st|nd|rd|th)?\s*(?:%(?!\s*(?:of|error))|percentile|pctl|pct)(?:[ -]?ile)?/g, " p$1 ")
    .replace(/[^\p{L}\p{N}#%]+/gu, " ");
  return ` ${parts.trim()} `;
}

const METRIC_WORDS: readonly [Metric, RegExp][] = [
  ["ntpot", / ntpot | normali[sz]ed (?:time per output token|latency|tpot) /],
  [
    "ttft",
    / ttft | ftl | (?:time )?to first token | first token (?:latency|time|delay)? ?| (?:zeit )?bis zum ersten token /,
  ],
  ["tpot", / tpot | time per output tokens? | latency per (?:output )?token | per token latency /],
  ["itl", / itl | inter ?token (?:latency|latencies|time|delay)? ?| time between tokens | tbt /],
  ["e2e", / e2el? | e2e latency | end to end (?:latency|time)? ?| (?:request|response|total) (?:latency|time) /],
];

const STATISTIC_WORDS: readonly [Statistic, RegExp][] = [
  ["mean", / mean | avg | ave | average /],
  ["p50", / median | p50 | 50th /],
  ["p90", / p90 | 90th /],
  ["p95", / p95 | 95th /],
  ["p99", / p99 | 99th /],
];

/** Statistics no field holds: the column is not read rather than taken for another. */
const OTHER_STATISTIC =
  / (?:p99 ?9+|p999+|p\d|p25|p75|p80|p10|25th|75th|min|minimum|max|maximum|std|stdev|stddev|sd|var|variance|cv) /;

const TIME_UNIT = / (ms|msec|millis|milliseconds?|us|µs|μs|usec|microseconds?|ns|nanoseconds?|s|secs?|seconds?) /;

const PER_SECOND =
  / (?:per (?:s|sec|second)|tps|tok s|toks s|tokens? s|t s|tokens? sec|tok sec|token throughput|tput) /;
const PER_MINUTE = / (?:per (?:min|minute)|tok min|tokens? min|tpm|rpm|req min|requests? min) /;
const PER_ACCELERATOR = / (?:per )?(?:gpu|chip|accelerator|device|card) /;
const PER_USER = / (?:per )?(?:user|request|req) $/;

/** Names of facts and counts, the more particular first. */
const PLAIN: readonly { field: string; is: RegExp; sure?: boolean; note?: string }[] = [
  {
    field: "requests_failed",
    is: / (?:failed|errored|unsuccessful|error|errors|failures) (?:requests? |reqs? |count )?$| (?:num|number of|n) (?:failed|errors|failures) /,
  },
  {
    field: "requests_completed",
    is: / (?:completed|successful|succeeded|finished) (?:requests? |reqs? |count )?$| (?:requests?|reqs?) (?:completed|successful|succeeded) | success count /,
  },
  { field: "duration_s", is: / (?:benchmark |test |run |total )?(?:duration|elapsed|wall (?:clock )?time|wallclock) / },
  {
    field: "accelerator_count",
    is: / (?:num|number of|n|no|#|count of) ?(?:gpus?|accelerators?|chips?|cards?|devices?|tpus?) | #(?:gpus?|chips?|accelerators?) | (?:gpu|accelerator|chip|card|device) (?:count|num|number|#) | gpus | chips | accelerators /,
  },
  { field: "nodes", is: / (?:num |number of |n |# ?)?(?:nodes|hosts|machines) (?:count )?| node count / },
  { field: "accelerator", is: / (?:gpu|accelerator|chip|hardware|hw|device|tpu) (?:type |name |model |sku )?$/ },
  { field: "checkpoint", is: / checkpoint / },
  { field: "model", is: / (?:model|llm) (?:id |name |path )?$| hf (?:model|id) / },
  {
    field: "server_version",
    is: / (?:server|engine|framework|backend|runtime|vllm|sglang|trtllm|tgi) ?version | version /,
  },
  { field: "server", is: / (?:inference )?(?:server|engine|framework|backend|runtime) (?:name )?$/ },
  { field: "precision", is: / (?:precision|dtype|data type|quantization|quantisation|quant) / },
  { field: "tensor_parallelism", is: / (?:tp|tensor parallel(?:ism)?) (?:size |degree )?$/ },
  { field: "pipeline_parallelism", is: / (?:pp|pipeline parallel(?:ism)?) (?:size |degree )?$/ },
  { field: "data_parallelism", is: / (?:dp|data parallel(?:ism)?) (?:size |degree )?$/ },
  { field: "expert_parallelism", is: / (?:ep|expert parallel(?:ism)?) (?:size |degree )?$/ },
  { field: "parallelism", is: / parallelism / },
  { field: "speculative", is: / spec(?:ulative)? (?:decoding|decode|method) | speculative / },
  { field: "dataset", is: / (?:data ?set|corpus) / },
  { field: "input_tokens_mean", is: / (?:mean|avg|average) (?:isl|input|prompt) / },
  { field: "output_tokens_mean", is: / (?:mean|avg|average) (?:osl|output|completion|generated?) / },
  { field: "input_tokens", is: / isl | (?:input|prompt) (?:len|length|tokens?|seq(?:uence)? len(?:gth)?|size) / },
  {
    field: "output_tokens",
    is: / osl | (?:output|completion|generation|gen) (?:len|length|tokens?|seq(?:uence)? len(?:gth)?|size) /,
  },
  { field: "measured_on", is: / (?:date|measured on|run date|day|timestamp|date time|datetime) / },
  { field: "series", is: / (?:series|sweep|run id|experiment) /, sure: false },
  { field: "source_url", is: / (?:source )?(?:url|link) /, sure: false },
  { field: "licence", is: / licen[cs]e / },
];

/** A unit of time alone in brackets at the end: what it stands behind is a time, and "Token (s)" no tokens a second. */
const TIME_IN_BRACKETS = /[([{]\s*(?:ms|msec|s|secs?|seconds?|us|µs|μs|ns|min|minutes?)\s*[)\]}]\s*$/i;

/** Why a column that looks like a measurement is not read. */
const UNREADABLE = {
  statistic: "no field holds this statistic",
  total: "a sum over all requests, not the length of one",
  interactivity: "tokens/s of one user is 1 ÷ TPOT turned round: its mean and percentiles are not those of TPOT",
} as const;

/** Fields of the tokens of one request. */
const LENGTHS: ReadonlySet<string> = new Set([
  "input_tokens",
  "output_tokens",
  "input_tokens_mean",
  "output_tokens_mean",
]);

/** What a column is likely to be by its name alone; `null` = nothing we know, or nothing a field holds. */
export function namedColumn(name: string): NamedColumn | { field: null; note: string } | null {
  const exact = name.trim().toLowerCase();
  if (figuresCsvColumns.includes(exact)) return { field: exact, unit: null, sure: true, note: null };
  const words = wordsOf(name);
  return latency(words) ?? load(words) ?? (TIME_IN_BRACKETS.test(name) ? null : rateOf(words)) ?? plain(words);
}

function statisticOf(words: string): Statistic | "other" | null {
  if (OTHER_STATISTIC.test(words.replace(/ max concurrency /, " "))) return "other";
  return STATISTIC_WORDS.find(([, is]) => is.test(words))?.[0] ?? null;
}

function latency(words: string): ReturnType<typeof namedColumn> {
  let metric = METRIC_WORDS.find(([, is]) => is.test(words))?.[0];
  let sure = true;
  if (metric === undefined && / latency /.test(words)) {
    metric = "e2e";
    sure = false;
  }
  if (metric === undefined || / (?:slo|target|limit|goodput) /.test(words)) return null;
  const statistic = statisticOf(words);
  if (statistic === "other") return { field: null, note: UNREADABLE.statistic };
  const unit = TIME_UNIT.exec(words)?.[1] ?? null;
  if (statistic === null) {
    return {
      field: latencyColumn(metric, "mean"),
      unit,
      sure: false,
      note: "the name does not say which statistic: mean assumed",
    };
  }
  const note = sure ? null : "taken for the latency of the whole request";
  return { field: latencyColumn(metric, statistic), unit, sure, note };
}

function load(words: string): ReturnType<typeof namedColumn> {
  if (
    / (?:concurrency|concurrent|in flight|inflight|parallel requests|virtual users|vus|num users|users|clients|num clients|streams) /.test(
      words,
    )
  ) {
    return { field: "load_value", unit: "requests", sure: true, note: null };
  }
  if (/ (?:offered|target|requested|configured|input) (?:request )?(?:rate|qps|rps|load) /.test(words)) {
    return { field: "load_value", unit: rateUnit(words, "requests"), sure: true, note: null };
  }
  if (/ batch(?: ?size)? /.test(words)) {
    return { field: "load_value", unit: "requests", sure: false, note: "a batch taken for requests in flight" };
  }
  return null;
}

/** Columns of requests/s: the load where nothing else is, else what was achieved. */
export const REQUEST_RATE_NOTE = "requests/s that were completed; where they were offered, it is the load";

function rateOf(words: string): ReturnType<typeof namedColumn> {
  const perUser = PER_USER.test(words) && / tok(?:en)?s? | tps | interactivity /.test(words);
  if (perUser || / interactivity /.test(words)) return { field: null, note: UNREADABLE.interactivity };
  if (/ goodput /.test(words)) return null;
  const isRequests =
    / (?:qps|rps|rpm|request rate|req rate|requests? throughput|req s|reqs s|requests? s|requests? sec|(?:requests?|reqs?|queries) per (?:s|sec|second|min|minute)) /.test(
      words,
    );
  const isRate = PER_SECOND.test(words) || PER_MINUTE.test(words) || / throughput /.test(words);
  const statistic = statisticOf(words);
  if ((isRequests || isRate) && (statistic === "other" || (statistic !== null && statistic !== "mean"))) {
    return { field: null, note: UNREADABLE.statistic };
  }
  if (isRequests) {
    return {
      field: "request_rate_achieved",
      unit: rateUnit(words, "requests"),
      sure: / (?:achieved|actual|measured|completed|throughput) /.test(words),
      note: REQUEST_RATE_NOTE,
    };
  }
  if (!isRate) return null;
  const unit = rateUnit(words, "tokens");
  if (/ total | overall | combined /.test(words))
    return { field: "total_tokens_per_second", unit, sure: / tok/.test(words), note: null };
  if (/ (?:input|prompt|prefill) /.test(words))
    return { field: "input_tokens_per_second", unit, sure: true, note: null };
  const sure = / (?:output|out|generation|generated|gen|decode|completion) /.test(words);
  return { field: "output_tokens_per_second", unit, sure, note: sure ? null : "taken for output tokens" };
}

function rateUnit(words: string, what: "tokens" | "requests"): string {
  const per = PER_MINUTE.test(words) ? "min" : "s";
  const thousands = what === "tokens" && / k ?tok/.test(words) ? "k" : "";
  return `${thousands}${what}/${per}${PER_ACCELERATOR.test(words) ? " per accelerator" : ""}`;
}

function plain(words: string): ReturnType<typeof namedColumn> {
  if (/ (?:comment|comments|notes?|remark|remarks) /.test(words)) return null;
  const found = PLAIN.find(({ is }) => is.test(words));
  if (found !== undefined && LENGTHS.has(found.field) && / (?:total|sum|overall|all) /.test(words)) {
    return { field: null, note: UNREADABLE.total };
  }
  if (found === undefined || (/%| rate | ratio /.test(words) && found.field.startsWith("requests_"))) return null;
  return {
    field: found.field,
    unit:
      found.field === "duration_s"
        ? (TIME_UNIT.exec(words)?.[1] ?? (/ min(?:ute)?s? /.test(words) ? "min" : null))
        : null,
    sure: found.sure ?? true,
    note: found.note ?? null,
  };
}
