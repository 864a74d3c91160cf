import { appendAll } from "../../../append-all";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { emptyPoint, isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, textAt } from "../../parse/fields";
import { elementsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { GivenFacts, Problem, ReadPoint } from "../../report";
import { benchmarkFacts, softwareFacts, submittedAccelerator } from "./mlperf-facts";

/** Columns of the tables people export from the results dashboard, in either generation. */
const DASHBOARD_COLUMNS = ["Public ID", "Submitter"];
/** Their headers stand within the first few lines. */
const DASHBOARD_HEAD_LENGTH = 4000;

/** True for one row of `summary_results.json`: one system, model and scenario. */
export function isSummaryResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return own(value, "Submitter") !== undefined && own(value, "Scenario") !== undefined && resultOf(value) !== undefined;
}

/** True for a table exported from the dashboard: its headers span lines or cells, so its columns cannot be told for certain. */
export function isDashboardTable(file: ParsedFile): boolean {
  if (file.kind !== "csv" && file.kind !== "text") return false;
  const head = file.text.slice(0, DASHBOARD_HEAD_LENGTH);
  return DASHBOARD_COLUMNS.every((name) => new RegExp(`(?:^|[,;\\t"])${name}\\s*(?=$|[,;\\t"\\r\\n])`, "m").test(head));
}

/**
 * The rows of `summary_results.json` that measure tokens/s; those of other benchmarks and those whose number of accelerators
 * is unclear are left out and counted. Or what a dashboard table's owner should give instead.
 */
export function readSummaryResults(file: ParsedFile, result: AdapterResult): void {
  if (file.kind === "csv" || file.kind === "text") {
    const expected = "summary_results.json of the results repository, or mlperf_log_summary.txt files";
    const message = `${file.path} is a table exported from the MLPerf results page; give ${expected} instead.`;
    result.problems.push(problem(file.path, "", "", expected, message));
    return;
  }
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  let otherBenchmarks = 0;
  let unclear = 0;
  for (const { location, value } of elementsOf(file)) {
    if (!isRecord(value) || !isSummaryResult(value)) {
      const expected = "a row of summary_results.json";
      problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: is not ${expected}.`));
    } else if (!/tokens?\s*(?:\/\s*s|per\s*sec)/i.test(unitsOf(value))) {
      otherBenchmarks += 1;
    } else if (acceleratorsOf(value) === null) {
      unclear += 1;
    } else {
      const read = readRow(file.path, location, value);
      appendAll(problems, read.problems);
      if (read.draft !== null) drafts.push(read.draft);
    }
  }
  const rows = (count: number) => `${count} row${count === 1 ? "" : "s"}`;
  if (problems.length === 0 && drafts.length === 0) {
    const expected = "rows that measure tokens/s on a known number of accelerators";
    problems.push(
      problem(file.path, "", "", expected, `${file.path}: none of its rows can be taken; expected ${expected}.`),
    );
  }
  appendAll(result.problems, problems);
  if (problems.length > 0) return;
  appendAll(result.drafts, drafts);
  if (otherBenchmarks > 0) {
    result.skipped.push({ file: file.path, reason: `${rows(otherBenchmarks)} of it measure no tokens/s: left out` });
  }
  if (unclear > 0) {
    const reason = `${rows(unclear)} of it do not say the number of accelerators in all: left out`;
    result.skipped.push({ file: file.path, reason });
  }
}

function readRow(file: string, location: string, row: JsonRecord): { draft: DraftRun | null; problems: Problem[] } {
  const value = numberOf(resultOf(row));
  const wrong = value === null ? "a number" : (impossibleValue(value) ?? (value === 0 ? "a number above 0" : null));
  if (wrong !== null) {
    const message = `${file}, ${location}: the result cannot be taken; expected ${wrong}.`;
    return { draft: null, problems: [problem(file, location, resultOf(row), wrong, message)] };
  }
  const point: ReadPoint = { ...emptyPoint(file, location), outputTokensPerSecond: value };
  const scenario = textAt(row, "Scenario") ?? "";
  if (/^offline$/i.test(scenario)) point.loadKind = "max";
  else addFlag(point.qualityFlags, "load_unknown");
  const id = textAt(row, "ID");
  const system = firstText(row, "System", "SystemName", "Platform");
  const accelerator = firstText(row, "Accelerator", "accelerator_model_name");
  const nodes = firstInteger(row, "Nodes", "number_of_nodes");
  const count = acceleratorsOf(row);
  const benchmark = firstText(row, "UsedModel", "MlperfModel", "Model", "Benchmark") ?? "";
  const hints: GivenFacts = {
    ...benchmarkFacts(`${benchmark} ${scenario}`, scenario),
    ...softwareFacts(firstText(row, "Software", "framework")),
  };
  if (accelerator !== null) hints.accelerator = submittedAccelerator(accelerator);
  if (count !== null) hints.acceleratorCount = count;
  if (nodes !== null) hints.nodes = nodes;
  const draft: DraftRun = {
    format: "mlperf",
    tool: "MLPerf LoadGen",
    measuredOn: null,
    stated: {},
    hints,
    seriesKey: null,
    qualityFlags: [],
    variant: JSON.stringify([id, textAt(row, "Submitter"), system]),
    points: [{ ...point, extras: { ID: id, Submitter: textAt(row, "Submitter"), System: system } }],
    files: [file],
    isTableRow: true,
    locationOf: () => location,
  };
  return { draft, problems: [] };
}

function resultOf(row: JsonRecord): unknown {
  return own(row, "Performance_Result") ?? own(row, "Result");
}

function unitsOf(row: JsonRecord): string {
  return firstText(row, "Performance_Units", "Units") ?? "";
}

/** In one node the number is the whole; over several nodes only `accelerators_per_node` says which of the two it is. */
function acceleratorsOf(row: JsonRecord): number | null {
  const nodes = firstInteger(row, "Nodes", "number_of_nodes");
  const perNode = positiveIntegerOf(own(row, "accelerators_per_node"));
  if (perNode !== null) return nodes === null ? null : perNode * nodes;
  return nodes === 1 ? positiveIntegerOf(own(row, "a#")) : null;
}

function firstText(row: JsonRecord, ...keys: string[]): string | null {
  for (const key of keys) {
    const text = textAt(row, key);
    if (text !== null) return text;
  }
  return null;
}

function firstInteger(row: JsonRecord, ...keys: string[]): number | null {
  for (const key of keys) {
    const value = positiveIntegerOf(own(row, key));
    if (value !== null) return value;
  }
  return null;
}
