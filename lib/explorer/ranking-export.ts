import { formatMs, formatNumber, formatUsd } from "../format";
import type { LoadCurve } from "../frontier/load-curve";
import { METRIC_LABELS, STATISTIC_LABELS } from "../measurement/latency";
import { type ExplorerQuery, serializeExplorerQuery } from "../params/explorer-params";
import { sloLabel } from "../selection/slo";
import type { Question, RankedConfiguration, SloStanding } from "../selection/types";
import { configurationSubtitle, lengthsText } from "../words";
import { costText } from "./cost-words";
import type { ExplorerData } from "./data";
import { demandText } from "./demand-words";
import { markdownTable } from "./markdown";
import { hardwareLabel } from "./row-words";

/** What a table or picture for others is of: the question in words, where its figures come from, and its link. */
export interface ViewProvenance {
  title: string;
  /** Targets and demand. */
  asked: string;
  /** Sources and revision. */
  source: string;
  /** Path and query that show it again, revision pinned. */
  path: string;
}

/** Sources named; more are counted. */
const MAX_SOURCES = 4;

/** What a view shows, in words, for whoever gets a part of it. */
export function provenanceOf(
  data: Pick<ExplorerData, "model" | "workload" | "revision">,
  query: ExplorerQuery,
  question: Question,
  sources: readonly string[],
): ViewProvenance {
  const names = [...new Set(sources)].sort();
  const more = names.length - MAX_SOURCES;
  const targets = question.slos.length === 0 ? "at the knee of each curve" : question.slos.map(sloLabel).join(", ");
  return {
    title: `${data.model?.displayName ?? query.model ?? "No model"}, ${lengthsText(data.workload)} tokens`,
    asked: question.demand === null ? targets : `${targets}, ${demandText(question.demand)}`,
    source: `Figures: ${names.slice(0, MAX_SOURCES).join(", ")}${more > 0 ? ` and ${more} more` : ""}; dataset revision ${data.revision.id} (${data.revision.createdAt.slice(0, 10)})`,
    path: `/?${serializeExplorerQuery({ ...query, slos: question.slos, revision: data.revision.id })}`,
  };
}

function standingsOf(row: RankedConfiguration, question: Question): (SloStanding | undefined)[] {
  return question.slos.map(({ metric, statistic }) =>
    row.operatingPoint.standings.find(({ slo }) => slo.metric === metric && slo.statistic === statistic),
  );
}

/** What tables for others say of a configuration, by the names of their columns. */
export function configurationFields({ configuration, workload }: LoadCurve): Record<string, string | number | null> {
  return {
    model: configuration.model,
    workload: workload.workloadId,
    configuration_id: configuration.configurationId,
    accelerator: configuration.accelerator,
    accelerator_count: configuration.acceleratorCount,
    server: configuration.server,
    server_version: configuration.serverVersion,
    precision: configuration.precision,
    parallelism: configuration.parallelism.label,
  };
}

/** Rows of the ranking in full precision, with what identifies each and where its figures come from. */
export function rankingRecords(
  rows: readonly RankedConfiguration[],
  question: Question,
  provenance: ViewProvenance,
  link: string,
): Record<string, string | number | null>[] {
  return rows.map((row, index) => {
    const { source, measuredOn } = row.curve;
    const { operatingPoint: point, cost, capacity } = row;
    const latencies = standingsOf(row, question).flatMap((standing): [string, string | number | null][] => {
      if (standing === undefined) return [];
      const name = `${standing.slo.metric}_ms_${standing.slo.statistic}`;
      return [
        [name, standing.valueMs],
        [`${name}_basis`, standing.basis],
      ];
    });
    const offer = cost.kind === "known" ? cost.price : null;
    return {
      rank: index + 1,
      ...configurationFields(row.curve),
      usd_per_million_output_tokens: cost.kind === "known" ? cost.usdPerMillionOutputTokens : null,
      price_provider: offer?.provider ?? null,
      usd_per_month: capacity?.usdPerMonth ?? null,
      replicas: capacity?.replicas ?? null,
      accelerators_of_the_plan: capacity?.accelerators ?? null,
      output_tokens_per_second: point.outputTokensPerSecond,
      throughput_basis: point.throughputBasis,
      operating_point: point.kind,
      load_kind: point.loadKind,
      load_value: point.loadValue,
      ...Object.fromEntries(latencies),
      source: source.name,
      measured_on: measuredOn,
      asked: provenance.asked,
      link,
    };
  });
}

const KNOWN: Record<RankedConfiguration["operatingPoint"]["kind"], string> = {
  measured: "measured",
  interpolated: "interpolated",
  atLeast: "at least",
};

/**
 * The ranking as Markdown, for a pull request or a chat.
 * @returns text that ends where its link follows
 */
export function rankingMarkdown(
  rows: readonly RankedConfiguration[],
  data: Pick<ExplorerData, "accelerators">,
  question: Question,
  provenance: ViewProvenance,
): string {
  const hasPlan = rows.some(({ capacity }) => capacity !== null);
  const titles = [
    "Configuration",
    "USD / M output tokens",
    "tokens/s a replica",
    ...question.slos.map(({ metric, statistic }) => `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}, ms`),
    ...(hasPlan ? ["USD a month", "accelerators"] : []),
    "known",
  ];
  const cells = rows.map((row) => {
    const { operatingPoint: point, capacity, curve } = row;
    const bill = capacity?.usdPerMonth ?? null;
    return [
      `${hardwareLabel(data.accelerators, curve.configuration)}, ${configurationSubtitle(curve.configuration)}`,
      costText(row) ?? "price unknown",
      `${formatNumber(point.outputTokensPerSecond)}${point.throughputBasis === "derived" ? " (derived)" : ""}`,
      ...standingsOf(row, question).map((standing) =>
        standing === undefined || standing.valueMs === null
          ? "not known"
          : `${standing.basis === "estimated" ? "≤ " : ""}${formatMs(standing.valueMs)}`,
      ),
      ...(hasPlan
        ? [bill === null ? "not known" : formatUsd(bill), String(capacity?.accelerators ?? "not known")]
        : []),
      KNOWN[point.kind],
    ];
  });
  return [
    `**${provenance.title}: ${provenance.asked}**`,
    "",
    markdownTable(titles, cells),
    "",
    `${provenance.source}: `,
  ].join("\n");
}
