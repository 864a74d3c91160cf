import { isRecord, own } from "./fields";
import { documentsOf, type ParsedFile } from "./parse-file";

/** Kinds of file that lie beside reports and hold no load points we read, told by content. */
const COMPANIONS: { is: (value: unknown) => boolean; reason: string }[] = [
  {
    is: (value) => isRecord(first(value)) && has(first(value), ["start_time", "end_time", "request", "response"]),
    reason: "per-request records: the stage files hold their statistics",
  },
  { is: (value) => has(value, ["global", "reports"]), reason: "the tool's own validation findings" },
  {
    is: (value) => has(first(value), ["benchmark", "metric"]),
    reason: "PyTorch benchmark records: the result file beside it holds the same figures",
  },
  { is: (value) => has(value, ["run_number", "error_type"]), reason: "the record of a failed sweep run" },
  {
    is: (value) => has(value, ["accelerator_model_name", "accelerators_per_node"]),
    reason: "the description of an MLPerf system: put it beside the mlperf_log_summary.txt it belongs to",
  },
  {
    is: (value) => has(value, ["traffic_scenario", "experiment_folder_name"]),
    reason: "settings of a genai-bench experiment: they complete results beside them",
  },
];

/** Why a file that no format claims holds no load points; `null` for one we know nothing about. */
export function companionReason(file: ParsedFile): string | null {
  if (file.kind === "csv") {
    const columns = new Set(file.header);
    if (columns.has("request_throughput") && columns.has("model_id")) {
      return "the table form of a vLLM sweep: its summary.json holds the same runs";
    }
    return null;
  }
  const values = documentsOf(file).map((document) => document.value);
  return COMPANIONS.find(({ is }) => values.some((value) => is(value)))?.reason ?? null;
}

function has(value: unknown, keys: string[]): boolean {
  return isRecord(value) && keys.every((key) => own(value, key) !== undefined);
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}
