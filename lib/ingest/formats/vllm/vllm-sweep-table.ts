import { compareText } from "../../../compare-text";
import { MAX_FILE_BYTES } from "../../../limits";
import { csvRecords } from "../../parse/csv-table";
import type { JsonRecord } from "../../parse/fields";
import type { ParsedDocument, ParsedFile } from "../../parse/parsed-file";
import { wholeOf } from "../../parse/steps";

/** Columns that make a table a sweep's `summary.csv`: those of a result of `vllm bench serve`. */
const RESULT_COLUMNS = ["request_throughput", "completed", "model_id"];

/** Columns of the result itself and of the load it was measured at: everything else is a parameter the sweep varied. */
const RESULT_COLUMN =
  /^(?:|date|label|backend|endpoint_type|.*_id|run_number|num_prompts|request_rate|burstiness|max_concurrency|ramp_up_.*|rps_change_events|duration|completed|failed|total_.*|request_.*|.*_throughput|.*_goodput:?|max_output_tokens_per_s|max_concurrent_requests|rtfx|(?:mean|median|std|min|max|p\d+(?:\.\d+)?)_.*_ms|random_.*|input_len|output_len|dataset_.*|seed|.*_lens|ttfts|itls|errors|generated_texts|start_times|latencies|queue_times|spec_decode_.*|diffusion_.*|probe_.*)$/;

/** True for the `summary.csv` a sweep writes beside its runs (a pandas table, one run a row). */
export function isSweepTable(file: ParsedFile): boolean {
  return file.kind === "csv" && RESULT_COLUMNS.every((name) => file.header.includes(name));
}

/** The rows of a sweep's table as results; empty cells are left out, numbers stay text. */
export function sweepTableElements(file: ParsedFile): ParsedDocument[] {
  if (file.kind !== "csv") return [];
  const { records, problems } = wholeOf(csvRecords(file, { maxRowCharacters: MAX_FILE_BYTES }));
  if (problems.length > 0) return [{ location: problems[0]?.at ?? "line 2", value: null }];
  const rows = records.map((record) => record.cells);
  const names = rows[0] ?? [];
  return rows.slice(1).map((cells, index) => {
    // Pandas writes Python's values: nothing is an empty cell, and a missing list too.
    const known = names.flatMap((name, column): [string, string][] => {
      const cell = cells[column] ?? "";
      return name === "" || cell === "" || cell === "None" || cell === "nan" ? [] : [[name, cell]];
    });
    return { location: `row ${index + 1}`, value: Object.fromEntries(known) };
  });
}

/** Columns people add that say the load again, the lengths, or where a row came from. */
const OF_ONE_ROW =
  /^(?:conc|concurrency|users|isl|osl)$|(?:^|_)(?:date|time|timestamp|run|id|file|filename|path|result|index)(?:_|$)/i;

/** What the sweep varied beside the load, so that rows of different server parameters are never one curve. */
export function sweptParameters(record: JsonRecord): [string, unknown][] {
  return Object.entries(record)
    .filter(([key]) => isSweptParameter(key))
    .sort(([a], [b]) => compareText(a, b));
}

/** Columns of a table that its rows are told apart by and that nothing else is read from. */
export function sweptColumns(file: ParsedFile): string[] {
  return file.kind === "csv" ? file.header.filter((name) => name !== "" && isSweptParameter(name)) : [];
}

function isSweptParameter(key: string): boolean {
  const name = key.replaceAll("-", "_");
  return !RESULT_COLUMN.test(name) && !OF_ONE_ROW.test(name);
}
