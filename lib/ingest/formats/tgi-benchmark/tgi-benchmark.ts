import { type LatencyStatistics, latencyField, statisticsFrom } from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { emptyPoint, numberOf, positiveIntegerOf } from "../../parse/fields";
import { type MarkdownTable, markdownTables } from "../../parse/markdown-table";
import type { ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";

const FORMAT = "tgi-benchmark";

/**
 * `text-generation-benchmark` of Text Generation Inference: tables of its parameters, latencies and throughputs, one batch size a
 * row. A batch is prefilled and decoded at once, without a queue; rates are those of the whole batch.
 */
export const tgiBenchmark: Adapter = {
  format: FORMAT,
  label: "text-generation-benchmark tables of TGI",
  factsWin: "flags",
  sniff: (file) => file.kind === "text" && file.text.includes("| Decode (token)") && tablesOf(file) !== null,
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) readTables(file, result);
    return result;
  },
};

interface Tables {
  parameters: ReadonlyMap<string, string>;
  latencies: MarkdownTable;
  throughputs: MarkdownTable | null;
}

function tablesOf(file: ParsedFile): Tables | null {
  if (file.kind !== "text") return null;
  const tables = markdownTables(file.text);
  const latencies = tables.find(({ header }) => header.includes("Step") && header.includes("p50"));
  if (latencies === undefined) return null;
  const parameters = tables.find(({ header }) => header[0] === "Parameter" && header[1] === "Value");
  const throughputs = tables.find(({ header }) => header.includes("Step") && !header.includes("p50"));
  return {
    parameters: new Map(parameters?.rows.map(({ cells }) => [(cells[0] ?? "").toLowerCase(), cells[1] ?? ""]) ?? []),
    latencies,
    throughputs: throughputs ?? null,
  };
}

function readTables(file: ParsedFile, result: AdapterResult): void {
  const tables = tablesOf(file);
  if (tables === null) return;
  const { parameters, latencies, throughputs } = tables;
  const cell = (table: MarkdownTable, cells: readonly string[], name: string) =>
    cells[table.header.indexOf(name)] ?? "";
  const points = new Map<number, ReadPoint>();
  let step = "";
  for (const { line, cells } of latencies.rows) {
    const batch = positiveIntegerOf(numberOf(cell(latencies, cells, "Batch Size")));
    // A step is named in its first row alone.
    step = cell(latencies, cells, "Step") || step;
    const statistics = statisticsFrom((statistic) =>
      statistic === "p95" ? null : milliseconds(cell(latencies, cells, statistic === "mean" ? "Average" : statistic)),
    );
    if (batch === null || statistics === null) {
      const expected = "a batch size and latencies in ms, s, µs or ns";
      const message = `${file.path}, line ${line}: the row cannot be taken; expected ${expected}.`;
      result.problems.push(problem(file.path, `line ${line}`, cells.join(" | "), expected, message));
      return;
    }
    const point: ReadPoint = points.get(batch) ?? {
      ...emptyPoint(file.path, `line ${line}`),
      loadKind: "concurrency",
      loadValue: batch,
    };
    points.set(batch, point);
    setLatency(point, step, statistics);
  }
  step = "";
  for (const { cells } of throughputs?.rows ?? []) {
    if (throughputs === null) continue;
    step = cell(throughputs, cells, "Step") || step;
    if (step !== "Decode") continue;
    const point = points.get(Number(cell(throughputs, cells, "Batch Size")));
    const rate = numberOf(/^\S+/.exec(cell(throughputs, cells, "Average"))?.[0] ?? null);
    if (point !== undefined && rate !== null && rate > 0 && Number.isFinite(rate)) point.outputTokensPerSecond = rate;
  }
  const stated: GivenFacts = { server: "tgi", dataset: "random" };
  const model = parameters.get("model");
  const input = positiveIntegerOf(numberOf(parameters.get("sequence length") ?? null));
  const output = positiveIntegerOf(numberOf(parameters.get("decode length") ?? null));
  if (model !== undefined && model !== "") stated.model = model;
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  for (const point of points.values()) {
    point.inputTokensMean = input;
    point.outputTokensMean = output;
    addFlag(point.qualityFlags, "offline_static_batch");
    if (input !== null || output !== null) addFlag(point.qualityFlags, "nominal_token_lengths");
  }
  const draft: DraftRun = {
    format: FORMAT,
    tool: "text-generation-benchmark",
    measuredOn: null,
    stated,
    hints: {},
    seriesKey: null,
    qualityFlags: [],
    points: [...points.values()],
    files: [file.path],
  };
  result.drafts.push(draft);
}

/** Prefill ends with the first token; decoding is told by token and in all. */
function setLatency(point: ReadPoint, step: string, statistics: LatencyStatistics): void {
  if (step === "Prefill") point[latencyField("ttft")] = statistics;
  else if (step === "Decode (token)") point[latencyField("tpot")] = statistics;
}

const MS: Readonly<Record<string, number>> = { s: 1000, ms: 1, µs: 1e-3, us: 1e-3, ns: 1e-6 };

function milliseconds(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)\s*(ms|s|µs|us|ns)$/.exec(text);
  return parts === null ? null : Number(parts[1]) * (MS[parts[2] ?? ""] ?? Number.NaN);
}
