import { numberOf } from "../../parse/fields";
import type { ParsedDocument, ParsedFile } from "../../parse/parsed-file";

const HEADING = /^=\s*PERFORMANCE OVERVIEW\s*$/m;

/** Printed labels, lower case without what stands in brackets, and where `--report_json` has the same. */
const LABELS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["request throughput", ["performance", "request_throughput_req_s"]],
  ["total output throughput", ["performance", "system_output_throughput_tok_s"]],
  ["total token throughput", ["performance", "system_total_throughput_tok_s"]],
  ["total latency", ["performance", "total_latency_ms"]],
  ["average request latency", ["performance", "avg_request_latency_ms"]],
  ["average time-to-first-token", ["streaming_metrics", "avg_ttft_ms"]],
  ["average time-per-output-token", ["streaming_metrics", "avg_tpot_ms"]],
  ["number of requests", ["request_info", "num_requests"]],
  ["number of concurrent requests", ["request_info", "avg_num_concurrent_requests"]],
  ["average input length", ["request_info", "avg_input_length"]],
  ["average output length", ["request_info", "avg_output_length"]],
  ["tp size", ["world_info", "tp_size"]],
  ["pp size", ["world_info", "pp_size"]],
  ["ep size", ["world_info", "ep_size"]],
  ["max runtime batch size", ["world_info", "max_batch_size"]],
  ["max runtime tokens", ["world_info", "max_num_tokens"]],
  ["scheduling policy", ["world_info", "scheduling_policy"]],
  ["kv memory percentage", ["world_info", "kv_cache_percentage"]],
  ["issue rate", ["world_info", "issue_rate"]],
  ["model", ["engine", "model"]],
  ["model path", ["engine", "model_path"]],
  ["tensorrt llm version", ["engine", "version"]],
  ["tensorrt-llm version", ["engine", "version"]],
  ["dtype", ["engine", "dtype"]],
  ["kv cache dtype", ["engine", "kv_cache_dtype"]],
  ["quantization", ["engine", "quantization"]],
]);

const PERCENTILES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["tpot", ["streaming_metrics", "tpot_percentiles"]],
  ["ttft", ["streaming_metrics", "ttft_percentiles"]],
  ["latency", ["performance", "request_latency_percentiles_ms"]],
]);

const PERCENTILE_LINE = /^\[(TPOT|TTFT|Latency)\]\s*(AVERAGE|P\d{2})\s*:\s*(\S+)/i;

/** True for what `trtllm-bench` prints at its end. */
export function isTrtllmConsole(file: ParsedFile): file is Extract<ParsedFile, { kind: "text" | "csv" }> {
  return (file.kind === "text" || file.kind === "csv") && HEADING.test(file.text) && /throughput/i.test(file.text);
}

/** The run a text holds, in the form of `--report_json`; several runs printed one after the other are several. One pass. */
export function trtllmConsoleReports(file: ParsedFile): ParsedDocument[] {
  if (!isTrtllmConsole(file)) return [];
  const reports: ParsedDocument[] = [];
  let report = emptyReport();
  let isMeasured = false;
  for (const [index, raw] of file.text.split("\n").entries()) {
    const line = raw.trim();
    // Sections of one run: engine, world, requests, then the figures. What comes after figures begins another run.
    const section = /^=\s+([A-Z].*)$/.exec(line)?.[1];
    if (section !== undefined && isMeasured && /BACKEND|ENGINE DETAILS/.test(section)) {
      report = emptyReport();
      isMeasured = false;
    }
    if (section !== undefined && /^PERFORMANCE OVERVIEW/.test(section)) {
      if (isMeasured) report = emptyReport();
      isMeasured = true;
      reports.push({ location: `line ${index + 1}`, value: report });
    }
    const percentile = PERCENTILE_LINE.exec(line);
    const target = percentile === null ? undefined : PERCENTILES.get((percentile[1] ?? "").toLowerCase());
    if (percentile !== null && target !== undefined) {
      const [owner, name] = target;
      const holder = report[owner] ?? {};
      const table = (holder[name] ?? {}) as Record<string, unknown>;
      table[(percentile[2] ?? "").toLowerCase()] = percentile[3];
      holder[name] = table;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const label = line
      .slice(0, colon)
      .replace(/[[(].*?[\])]/g, "")
      .replace(/\s+/g, " ")
      .trim()
      .toLowerCase();
    const known = LABELS.get(label);
    if (known === undefined) continue;
    const [owner, name] = known;
    const holder = report[owner];
    const text = line.slice(colon + 1).trim();
    const number = numberOf(text.replace(/%$/, ""));
    if (holder !== undefined && holder[name] === undefined) holder[name] = number ?? text;
  }
  return reports;
}

function emptyReport(): Record<string, Record<string, unknown>> {
  return { engine: {}, world_info: {}, request_info: {}, performance: {}, streaming_metrics: {} };
}
