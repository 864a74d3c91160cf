import type { ConfigurationFacts, Source, WorkloadFacts } from "../domain";
import { figuresCsvColumns, UNDATED_POINT_FLAG } from "../ingest/figures/figures-columns";
import { withFormulaGuard } from "../ingest/parse/formula-cells";
import { LATENCY_STATISTICS } from "../measurement/latency";
import type { Measurement } from "../measurement/measurement";
import { QUANTITIES } from "../measurement/quantities";
import type { SettingValues } from "../measurement/settings";

/** One row of a figures CSV by column name; columns left out or `null` are empty. */
export type FiguresCsvRow = Record<string, string | number | null>;

/** The parts of a run that its rows are made from. The run may be a stored one or one just read. */
export interface FiguresRun {
  configuration: ConfigurationFacts;
  workload: WorkloadFacts & { workloadId: string | null };
  source: Source;
  measuredOn: string | null;
  seriesKey: string | null;
  points: readonly (Measurement & { measuredOn?: string | null })[];
}

/** The facts of a configuration by column. */
export function configurationCells(configuration: ConfigurationFacts): FiguresCsvRow {
  const { settings } = configuration;
  return {
    model: configuration.model,
    checkpoint: configuration.checkpoint,
    accelerator: configuration.accelerator,
    accelerator_count: configuration.acceleratorCount,
    nodes: configuration.nodes,
    server: configuration.server,
    server_version: configuration.serverVersion,
    precision: configuration.precision,
    parallelism: configuration.parallelism.label,
    tensor_parallelism: configuration.parallelism.tensor,
    pipeline_parallelism: configuration.parallelism.pipeline,
    data_parallelism: configuration.parallelism.data,
    expert_parallelism: configuration.parallelism.expert,
    context_parallelism: configuration.parallelism.context,
    speculative: configuration.speculative,
    speculative_tokens: configuration.speculativeTokens,
    serving_mode: configuration.servingMode,
    prefill_accelerators: configuration.prefillAccelerators,
    decode_accelerators: configuration.decodeAccelerators,
    image: settings.image,
    server_arguments: jsonCell(settings.serverArguments),
    environment: jsonCell(settings.environment),
    engine_options: jsonCell(settings.engineOptions),
  };
}

/** The rows of a run, one a load point. A pooled summary (no load kind) has no place in the format and is left out. */
export function figuresRows(run: FiguresRun): FiguresCsvRow[] {
  const { configuration, workload, source } = run;
  return run.points
    .filter((point) => point.loadKind !== null)
    .map((point) => {
      const row: FiguresCsvRow = {
        source_name: source.name,
        source_url: source.url,
        licence: source.licence,
        source_ref: point.sourceRef,
        measured_on: point.measuredOn ?? run.measuredOn,
        ...configurationCells(configuration),
        series: run.seriesKey,
        workload: workload.workloadId,
        dataset: workload.dataset,
        input_tokens: workload.inputTokens,
        output_tokens: workload.outputTokens,
        load_kind: point.loadKind,
        quality_flags: [...point.qualityFlags, ...(point.measuredOn === null ? [UNDATED_POINT_FLAG] : [])].join(";"),
      };
      for (const { column, field } of QUANTITIES) row[column] = point[field];
      for (const { column, field, statistic } of LATENCY_STATISTICS) row[column] = point[field]?.[statistic] ?? null;
      return row;
    });
}

/** The first line of a figures CSV: the names of every column. */
export const figuresHeaderLine = `${figuresCsvColumns.join(",")}\n`;

/** One line of a figures CSV: full precision, quoted and guarded where a cell needs it; ends with a newline. */
export function figuresRowLine(row: FiguresCsvRow): string {
  return `${figuresCsvColumns.map((name) => cellText(row[name] ?? null)).join(",")}\n`;
}

function jsonCell(values: SettingValues | null): string | null {
  return values === null ? null : JSON.stringify(values);
}

function cellText(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "string" ? withFormulaGuard(value) : String(value);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
