import { tableEntry } from "../table-entry";

/**
 * Caveats of figures, each described once: what a reader of a report may add, and what the shipped figures carry. The type, the
 * labels and the table in docs/data-model.md are made from this list. A caveat is part of its figure and shown with it.
 */

interface FlagWords {
  /** A few words, as pages show it beside the figure. */
  label: string;
  /** What it says of the figure, for the documentation. */
  meaning: string;
}

export const QUALITY_FLAGS = {
  accelerator_corrected: {
    label: "accelerator corrected",
    meaning:
      "the source names the accelerator otherwise than its own description of the system; the description counts",
  },
  accelerator_count_corrected: {
    label: "accelerator count corrected",
    meaning: "the source counts fewer accelerators than its parallel sizes or its description of the system take",
  },
  accelerator_count_from_instance_type: {
    label: "accelerator count from the machine type",
    meaning: "the number of accelerators is that of the machine type",
  },
  accelerator_form_assumed: {
    label: "form of the accelerator assumed",
    meaning: "only the family of the accelerator is named (`H100`); its SXM form was taken",
  },
  accelerator_inferred_from_runner: {
    label: "accelerator known by the runner’s name only",
    meaning: "the accelerator was read off the name of the machine that ran the test",
  },
  accelerators_beyond_parallelism: {
    label: "accelerators beyond the layout",
    meaning: "the parallel layout takes fewer accelerators than are stated",
  },
  aggregate_over_stages: {
    label: "several loads pooled",
    meaning: "a summary over several loads: it has no load of its own",
  },
  answers_in_one_piece: {
    label: "answers came in one piece",
    meaning: "the answers were not streamed: TTFT, TPOT and ITL are not known",
  },
  approximate_input_length: {
    label: "input length approximate",
    meaning: "input length is given roughly",
  },
  batch_size_unknown: {
    label: "batch size unknown",
    meaning: "the report does not say how many requests the batch held",
  },
  cache_hits_on_random_prompts: {
    label: "doubt: random prompts came from the cache",
    meaning:
      "20% of random prompts or more were read from the prefix cache: kept off frontiers and rankings unless asked for",
  },
  checkpoint_corrected: {
    label: "weights corrected",
    meaning: "the source names other weights than its script served",
  },
  client_limited_concurrency_unclear: {
    label: "client may have limited the load",
    meaning: "the load generator may have been the limit",
  },
  consumer_gpu: {
    label: "consumer GPU",
    meaning: "not a data-centre card",
  },
  curve_not_monotonic: {
    label: "curve not monotonic",
    meaning: "throughput or latency jumps back along the curve",
  },
  dataset_assumed_synthetic: {
    label: "data set taken for made-up prompts",
    meaning: "the source states lengths and no data set: made-up prompts of these lengths were assumed",
  },
  dataset_from_table_form: {
    label: "data set known by the form of the table",
    meaning: "a GIQ table from before use cases: measured with ShareGPT",
  },
  date_from_directory_name: {
    label: "date from the directory’s name",
    meaning: "the date was read off the folder's name",
  },
  date_is_commit_date: {
    label: "date of the commit, not the measurement",
    meaning: "the day of the commit, not of the measurement",
  },
  date_is_publication_date: {
    label: "date of publication",
    meaning: "the day of publication, not of the measurement",
  },
  date_is_publication_month: {
    label: "month of publication",
    meaning: "the month of publication, not the day of the measurement",
  },
  derived_from_per_gpu: {
    label: "multiplied up from per-GPU figures",
    meaning: "the report states figures per accelerator; they were multiplied by their number",
  },
  derived_output_half_of_total: {
    label: "output taken as half of all tokens",
    meaning: "the source gives total tokens of equal input and output; output is half",
  },
  e2e_percentiles_approximate: {
    label: "E2E percentiles approximate",
    meaning: "over 8 million values: E2E percentiles within 0.1%",
  },
  est_throughput: {
    label: "throughput derived from latencies",
    meaning: "throughput was not measured; it is derived",
  },
  failures_exceed_completed: {
    label: "doubt: more requests failed than completed",
    meaning: "more requests failed than completed: kept off frontiers and rankings unless asked for",
  },
  fewer_requests_than_concurrency: {
    label: "fewer requests than were to be in flight",
    meaning: "fewer requests were sent than were to be in flight: the load was not reached",
  },
  input_from_cache: {
    label: "part of the input came from the cache",
    meaning: "5% of the input tokens or more were read from the prefix cache",
  },
  input_rate_not_of_whole_run: {
    label: "input tokens/s corrected",
    meaning: "the report’s input tokens/s are those of an instant: tokens ÷ duration stand in, or nothing",
  },
  itl_below_tpot: {
    label: "ITL below TPOT",
    meaning: "mean ITL is more than 25% below mean TPOT: gaps were counted that are none",
  },
  itl_per_request_mean: {
    label: "ITL is each request’s mean",
    meaning: "ITL is each request’s own mean gap, then taken over requests",
  },
  itl_percentiles_approximate: {
    label: "ITL percentiles approximate",
    meaning: "over 8 million gaps: ITL percentiles within 0.1%",
  },
  latencies_contradict_each_other: {
    label: "doubt: TTFT, TPOT and E2E contradict each other",
    meaning:
      "E2E is less than half or more than twice TTFT + TPOT × (output tokens − 1): kept off frontiers and rankings unless asked for",
  },
  latencies_do_not_add_up: {
    label: "TTFT, TPOT and E2E do not add up",
    meaning: "E2E differs from TTFT + TPOT × (output tokens − 1) by a factor of more than 1.25",
  },
  latency_statistic_assumed_mean: {
    label: "latency assumed to be a mean",
    meaning: "the source does not say which statistic; the mean is assumed",
  },
  layout_corrected: {
    label: "layout corrected",
    meaning: "the source’s label of the parallel layout contradicts itself or another of its files and was put right",
  },
  lengths_from_client_default: {
    label: "lengths as the client draws them",
    meaning:
      "no mean length is published: the one the load generator’s default makes (evenly from 1 to the nominal length) stands in",
  },
  load_from_achieved_rate: {
    label: "load taken from the rate achieved",
    meaning: "the achieved requests/s stand in for the offered load",
  },
  load_from_directory_name: {
    label: "load from the directory’s name",
    meaning: "the load stands in the name of the directory only",
  },
  load_given: {
    label: "load given by the person who ingested it",
    meaning: "the person who ingested it gave the load the report does not say",
  },
  load_not_reached: {
    label: "load not reached",
    meaning: "fewer requests were sent than the load asks for at once",
  },
  load_is_server_limit: {
    label: "load is the server’s own limit",
    meaning: "the load is the number of requests the server runs at once; more of them waited, so no TTFT is told",
  },
  load_shared_by_several_models: {
    label: "load shared by several models",
    meaning: "the load was offered to several models at once",
  },
  load_unknown: {
    label: "load unknown",
    meaning: "the report does not say the offered load",
  },
  many_requests_failed: {
    label: "doubt: many requests failed",
    meaning: "10% of the requests or more failed: kept off frontiers and rankings unless asked for",
  },
  mean_above_p99: {
    label: "doubt: mean above p99",
    meaning:
      "a mean is above the p99 of its own latency (ITL left out): kept off frontiers and rankings unless asked for",
  },
  measured_at_the_same_time: {
    label: "time shared with another load",
    meaning: "another load of the same configuration and workload covers the same time",
  },
  mlperf_status_preview: {
    label: "MLPerf status: preview",
    meaning: "submitted to MLPerf as a preview system",
  },
  mode_corrected: {
    label: "serving mode corrected",
    meaning: "the source’s label of the serving mode contradicts itself or another of its files and was put right",
  },
  model_from_short_name: {
    label: "model known by its short name",
    meaning: "the report names the model by a short name only; the catalogue’s model of that name was taken",
  },
  model_relabelled: {
    label: "model relabelled",
    meaning: "the source’s label of the model contradicts itself or another of its files and was put right",
  },
  model_version_disputed: {
    label: "model version disputed",
    meaning: "the source's files disagree on the exact model version",
  },
  more_in_flight_than_offered: {
    label: "doubt: more in flight than the load says",
    meaning:
      "requests/s × E2E is more than 1.5 times the requests in flight stated: kept off frontiers and rankings unless asked for",
  },
  multi_replica_behind_router: {
    label: "several replicas behind a router",
    meaning: "several replicas measured together",
  },
  no_date: {
    label: "no date",
    meaning: "neither the source nor the person says when it was measured",
  },
  no_latency: {
    label: "no latency",
    meaning: "the source gives no latency",
  },
  no_throughput: {
    label: "no throughput",
    meaning: "the source gives no throughput",
  },
  no_ttft: {
    label: "no TTFT",
    meaning: "the source gives no time to first token",
  },
  no_version: {
    label: "server version unknown",
    meaning: "neither the source nor the person says which version of the server",
  },
  nominal_token_lengths: {
    label: "nominal token lengths",
    meaning: "the nominal lengths stand in for measured means",
  },
  ntpot_percentiles_approximate: {
    label: "NTPOT percentiles approximate",
    meaning: "over 8 million values: NTPOT percentiles within 0.1%",
  },
  observed_in_production: {
    label: "observed in production",
    meaning: "servers in use by their own metrics, over a window of steady load: no load generator",
  },
  offered_load_unknown: {
    label: "offered load unknown",
    meaning: "the source does not say the offered load",
  },
  offline_engine: {
    label: "offline engine, no server",
    meaning: "an engine in the benchmark's own process, no server in between",
  },
  offline_max: {
    label: "offline: everything at once",
    meaning: "everything at once, throughput only: belongs on no latency frontier",
  },
  offline_static_batch: {
    label: "offline: static batch",
    meaning: "one static batch: no queueing, no TTFT",
  },
  outlier_against_other_runs: {
    label: "outlier: contradicts other runs",
    meaning:
      "TPOT at least 30% below another run of the same configuration at a quarter of its load or less: kept off frontiers and rankings unless asked for",
  },
  outlier_beats_memory_bandwidth: {
    label: "outlier: faster than memory allows",
    meaning:
      "TPOT below active weight bytes ÷ memory bandwidth without speculative decoding: kept off frontiers and rankings unless asked for",
  },
  output_from_total_by_lengths: {
    label: "output as its share of all tokens",
    meaning: "the source gives total tokens/s alone: output is its share by the nominal lengths",
  },
  output_length_derived: {
    label: "output length derived",
    meaning:
      "only the nominal output length is stated and E2E, TTFT and TPOT contradict it: the mean they make stands in",
  },
  output_shorter_than_nominal: {
    label: "output shorter than asked",
    meaning: "answers ended earlier than asked for",
  },
  output_tok_s_derived_from_request_rate: {
    label: "throughput from the request rate",
    meaning: "output tokens/s = request rate × output tokens",
  },
  output_token_counts_disagree: {
    label: "two counts of output tokens disagree",
    meaning: "the report counts output tokens in two ways that differ",
  },
  page_not_in_latest_source: {
    label: "no longer in its source",
    meaning: "stood on a page the source has since taken down",
  },
  parallelism_exceeds_accelerators: {
    label: "doubt: parallelism exceeds the accelerators",
    meaning:
      "tensor × pipeline × data × context parallelism takes more accelerators than are stated: kept off frontiers and rankings unless asked for",
  },
  parallelism_unknown: {
    label: "parallelism unknown",
    meaning: "the source does not say the parallel layout",
  },
  percentile_equals_mean: {
    label: "doubt: the p99 is the mean",
    meaning: "the p99 is the mean to the last digit: kept off frontiers and rankings unless asked for",
  },
  percentiles_approximate: {
    label: "percentiles approximate",
    meaning: "over 8 million values: percentiles within 0.1%",
  },
  percentiles_from_histogram: {
    label: "percentiles from a histogram",
    meaning: "read between the bounds of a histogram’s buckets: as exact as these are narrow",
  },
  percentiles_from_request_times: {
    label: "percentiles computed from single requests",
    meaning: "computed from the report's single requests",
  },
  percentiles_not_monotonic: {
    label: "doubt: percentiles not in order",
    meaning: "a higher percentile is below a lower one: kept off frontiers and rankings unless asked for",
  },
  percentiles_of_few_requests: {
    label: "percentiles of few requests",
    meaning: "a p99 of fewer than 100 requests, a p95 of fewer than 20 or a p90 of fewer than 10: it meets no target",
  },
  power_limited_220w: {
    label: "cards limited to 220 W",
    meaning: "cards limited to 220 W",
  },
  precision_corrected: {
    label: "precision corrected",
    meaning: "the precision is that of the weights or the script; the source says another one or none",
  },
  precision_inferred_from_checkpoint: {
    label: "precision from the checkpoint’s name",
    meaning: "precision read off the name of the weights",
  },
  precision_unknown: {
    label: "precision unknown",
    meaning: "neither the source nor the person says the precision",
  },
  prefill_beats_arithmetic: {
    label: "doubt: more arithmetic than the accelerators can do",
    meaning:
      "tokens/s × 2 × active weights are above the accelerators’ peak: kept off frontiers and rankings unless asked for",
  },
  prefill_decode_split_recovered: {
    label: "prefill and decode split recovered",
    meaning: "split between prefill and decode taken from another file of the source",
  },
  prefix_caching_on: {
    label: "prefix caching on",
    meaning: "shared prefixes were cached",
  },
  published_cost_without_pricing_model: {
    label: "published cost without its pricing model",
    meaning: "published costs; nobody says for which pricing model",
  },
  ramp_up: {
    label: "load ramped up during the run",
    meaning: "the load rose during the measurement",
  },
  ran_beside_another_client: {
    label: "doubt: another client ran at the same time",
    meaning:
      "another report of the same configuration, workload and load covers the same time, so the load was that of both: kept off frontiers and rankings unless asked for",
  },
  rate_above_offered: {
    label: "doubt: more completed than offered",
    meaning: "more requests/s were completed than were offered: kept off frontiers and rankings unless asked for",
  },
  replicate: {
    label: "repeated measurement",
    meaning: "the same load was measured again; kept as a run of its own",
  },
  requests_failed: {
    label: "some requests failed",
    meaning: "1% of the requests or more failed",
  },
  requests_failed_derived: {
    label: "failed requests counted from the rest",
    meaning: "failures are planned minus completed requests",
  },
  requests_stopped_early: {
    label: "requests stopped early",
    meaning: "some answers of the batch ended before the asked length",
  },
  result_invalid: {
    label: "the tool calls the result invalid",
    meaning: "the tool itself calls the result INVALID",
  },
  result_validity_unknown: {
    label: "validity not stated",
    meaning: "the report lacks the verdict VALID or INVALID",
  },
  routing_k8s_native_round_robin: {
    label: "routed by a Kubernetes Service",
    meaning: "the router spread requests as a Kubernetes Service does",
  },
  routing_least_load: {
    label: "routed to the least load",
    meaning: "the router sent each request to the replica with the least load",
  },
  routing_prefix_hash: {
    label: "routed by prefix",
    meaning: "the router sent equal prefixes to the same replica",
  },
  routing_round_robin: {
    label: "routed in turn",
    meaning: "the router sent requests to the replicas in turn",
  },
  run_cancelled: {
    label: "run was cancelled",
    meaning: "the tool says that the run was cut short",
  },
  secrets_redacted: {
    label: "secrets blanked in its texts",
    meaning: "what looked like a token or key was blanked in a text of the run",
  },
  sent_at_once: {
    label: "doubt: sent at once, not at the rate",
    meaning:
      "the requests were sent in less than half the time the stated rate takes: kept off frontiers and rankings unless asked for",
  },
  server_software_unknown: {
    label: "server unknown",
    meaning: "neither the source nor the person says which server",
  },
  server_version_corrected: {
    label: "server version taken out",
    meaning: "the source gives the version of another program as the server’s",
  },
  session_load: {
    label: "load of sessions, not of requests",
    meaning: "the load was offered in sessions, not in requests",
  },
  settings_from_recipe: {
    label: "settings as in the recipe",
    meaning:
      "what the server was started with stands in the script of that configuration and day, not in a log of the run",
  },
  settings_near: {
    label: "settings of a near recipe",
    meaning: "what the server was started with was concluded from a recipe of another day or shape",
  },
  side_file_contradicts_report: {
    label: "iq.yaml contradicts the report",
    meaning: "report and `iq.yaml` disagree; the report counts",
  },
  single_batch: {
    label: "a single batch",
    meaning: "one batch measured once: no distribution over requests",
  },
  single_burst_load_is_prompt_count: {
    label: "one burst: load is the number of prompts",
    meaning: "one burst; the load value is its number of prompts",
  },
  speculation_not_stated: {
    label: "speculative decoding not stated",
    meaning: "the server accepted several tokens a step, and no speculative decoding is stated",
  },
  speculative_corrected: {
    label: "speculative decoding corrected",
    meaning: "the source’s label leaves out the speculative decoding that its script switched on",
  },
  speculative_inferred: {
    label: "speculative decoding inferred",
    meaning:
      "that it decoded speculatively was concluded, by elimination or for some of its group by the measured speed",
  },
  speculative_unknown: {
    label: "speculative decoding unknown",
    meaning: "the source does not say whether it decoded speculatively",
  },
  statistic_not_stated: {
    label: "statistic not stated",
    meaning: "one number a latency, taken for its mean",
  },
  submission_max_under_slo: {
    label: "best under the submission’s own limits",
    meaning: "one point: the best under MLPerf's limits",
  },
  suspicious_latency_unit: {
    label: "doubt: latency suspicious for its unit",
    meaning:
      "TTFT below 0.5 ms: probably seconds in a field of milliseconds: kept off frontiers and rankings unless asked for",
  },
  suspicious_throughput_unit: {
    label: "doubt: throughput suspicious for its unit",
    meaning:
      "output tokens/s are no more than requests/s although answers have several tokens: probably requests where tokens were meant: kept off frontiers and rankings unless asked for",
  },
  throughput_above_concurrency: {
    label: "doubt: throughput above what is in flight",
    meaning:
      "output tokens/s are more than 1.5 times what the requests in flight make at these latencies: kept off frontiers and rankings unless asked for",
  },
  throughput_contradicts_duration: {
    label: "throughput contradicts tokens ÷ duration",
    meaning: "output tokens/s differs by more than 10% from tokens ÷ duration",
  },
  throughput_corrected: {
    label: "throughput corrected",
    meaning: "the source gives samples/s as tokens/s; they were multiplied by the tokens of an answer",
  },
  throughput_from_request_times: {
    label: "throughput computed from single requests",
    meaning: "tokens ÷ time from first start to last token",
  },
  throughput_inconsistent_with_latency: {
    label: "throughput inconsistent with latency",
    meaning: "measured throughput and latency do not fit each other",
  },
  throughput_inferred_by_tool: {
    label: "throughput inferred by the tool",
    meaning: "the tool inferred tokens/s from samples/s",
  },
  token_lengths_unknown: {
    label: "token lengths unknown",
    meaning: "the source does not say the token lengths",
  },
  token_rates_do_not_add_up: {
    label: "doubt: token rates do not add up",
    meaning:
      "input and output tokens/s differ from their total by more than 10%: kept off frontiers and rankings unless asked for",
  },
  tokens_arrive_in_chunks: {
    label: "tokens arrive in chunks",
    meaning: "ITL is more than 1.5 times TPOT: tokens arrive several at a time",
  },
  tokens_counted_for_a_part: {
    label: "tokens counted for some requests only",
    meaning: "the tokens of some completed requests were not counted: tokens/s and mean length are not known",
  },
  tp_counts_cores: {
    label: "TP counts cores",
    meaning: "TP counts TPU cores, two a chip",
  },
  tpot_percentiles_approximate: {
    label: "TPOT percentiles approximate",
    meaning: "over 8 million values: TPOT percentiles within 0.1%",
  },
  tpot_weighted_by_tokens: {
    label: "TPOT weighs long answers more",
    meaning: "TPOT is a mean over tokens: long answers weigh more",
  },
  trace_replay: {
    label: "replay of a trace",
    meaning: "requests were sent when a recorded trace says: no single load",
  },
  ttft_above_e2e: {
    label: "doubt: TTFT above E2E",
    meaning: "a TTFT is above the E2E of the same statistic: kept off frontiers and rankings unless asked for",
  },
  ttft_falls_with_load: {
    label: "TTFT falls with load",
    meaning: "at a higher load of the same run mean TTFT is half or less: the server may have been cold",
  },
  ttft_of_last_request: {
    label: "TTFT of the last request",
    meaning: "TTFT is that of the slowest request of the batch",
  },
  ttft_percentiles_approximate: {
    label: "TTFT percentiles approximate",
    meaning: "over 8 million values: TTFT percentiles within 0.1%",
  },
  ttft_tpot_means_only: {
    label: "TTFT and TPOT are means only",
    meaning: "only the means of TTFT and TPOT are known",
  },
  unbounded_request_rate: {
    label: "request rate not bounded",
    meaning: "request rate set to infinity",
  },
  used_tp_not_host_gpu_count: {
    label: "accelerators counted by TP",
    meaning: "accelerators counted by TP, because the host had more than were used",
  },
  version_as_in_recipe: {
    label: "version as the recipe states it",
    meaning: "version stated by the recipe, not by the measurement",
  },
  version_is_git_commit: {
    label: "version is a commit",
    meaning: "version is a commit",
  },
  weights_exceed_memory: {
    label: "doubt: the weights do not fit the accelerators’ memory",
    meaning:
      "the published weights at the stated precision are larger than the memory of all accelerators stated: kept off frontiers and rankings unless asked for",
  },
  wip_run: {
    label: "run still in progress at its source",
    meaning: "the source calls the run work in progress",
  },
  workload_corrected: {
    label: "workload corrected",
    meaning: "the source’s table names another workload or load than its page",
  },
  zero_means_unknown: {
    label: "a 0 taken for unknown",
    meaning: "the report says 0 where something was counted that cannot be 0: taken for not known",
  },
} as const satisfies Record<string, FlagWords>;

declare const foreign: unique symbol;

/** A caveat of somebody else's own making, in figures or an export they brought. It is kept as it is written. */
export type ForeignFlag = string & { readonly [foreign]: true };

/** A caveat of the list. */
export type NamedFlag = keyof typeof QUALITY_FLAGS;

/** A caveat. Only {@link flagFromText} makes one of a text that is not in the list. */
export type QualityFlag = NamedFlag | `max_concurrency_${number}` | `request_rate_${number}` | ForeignFlag;

/** A caveat as figures, an export or the database write it. */
export function flagFromText(text: string): QualityFlag {
  return text as ForeignFlag;
}

const MAXIMUM_CONCURRENCY = /^max_concurrency_(\d+)$/;
const OFFERED_RATE = /^request_rate_([\d.e+-]+)$/;

/** `no_version` → `server version unknown`; a caveat of somebody else's own → its words. */
export function flagLabel(flag: QualityFlag): string {
  const limit = MAXIMUM_CONCURRENCY.exec(flag)?.[1];
  if (limit !== undefined) return `max concurrency ${limit}`;
  const rate = OFFERED_RATE.exec(flag)?.[1];
  if (rate !== undefined) return `offered at ${rate} requests/s, which did not bind`;
  return tableEntry<FlagWords>(QUALITY_FLAGS, flag)?.label ?? flag.replaceAll("_", " ");
}

/** Adds a caveat once. */
export function addFlag(flags: QualityFlag[], flag: QualityFlag): void {
  if (!flags.includes(flag)) flags.push(flag);
}
