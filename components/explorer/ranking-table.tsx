import { type MouseEvent, memo } from "react";
import { RankingFoot } from "#explorer-parts";
import { acceleratorColor } from "@/components/frontier-chart/colors";
import { Late } from "@/components/late";
import { Select } from "@/components/select";
import { WithTerms } from "@/components/term";
import { type Currency, formatMoney } from "@/lib/currency";
import { costText, machinesText } from "@/lib/explorer/cost-words";
import { configurationHref, type ExplorerView, hasPlan } from "@/lib/explorer/explorer-view";
import { GRADE_WORDS } from "@/lib/explorer/grade-words";
import { hardwareLabel, operatingPointBasis } from "@/lib/explorer/row-words";
import { bestOfEachAccelerator } from "@/lib/explorer/summary";
import { partsWithTerms } from "@/lib/explorer/terms";
import { formatCount, formatLatency, formatMs, formatNumber } from "@/lib/format";
import { latencyField, METRIC_LABELS, type Metric, STATISTIC_LABELS, type Statistic } from "@/lib/measurement/latency";
import { gradeOf } from "@/lib/selection/grade";
import type { OperatingPoint, RankBy, RankedConfiguration } from "@/lib/selection/types";
import { configurationSubtitle } from "@/lib/words";
import { CompareToggle } from "./compare-toggle";
import { Distinction } from "./distinction";
import type { ExplorerProps } from "./explorer-props";

const RANKS: readonly [RankBy, string][] = [
  ["cost", "Cheapest"],
  ["throughputPerAccelerator", "Most tokens/s per accelerator"],
  ["fewestAccelerators", "Fewest accelerators"],
  ["latency", "Lowest latency"],
  ["equalTpot", "Cheapest at one speed"],
];

/** The ranking: one row per configuration, by default only the best of each accelerator. */
export const RankingTable = memo(function RankingTable({ data, query, view, onChange }: ExplorerProps) {
  const { ranked } = view.ranking;
  const rows = query.showAll ? ranked : bestOfEachAccelerator(ranked, query.highlight);
  if (ranked.length === 0) return null;
  const columns = latencyColumns(view);
  const targets = view.question.slos.length;
  // Each term is explained where it stands first. Cut in one go: what is drawn twice must be the same twice.
  const explained = new Set<string>();
  const parts = {
    rankedAt: partsWithTerms(rankedAtText(targets), explained),
    cost: partsWithTerms(`${currencySign(view.question.currency)} / M out`, explained),
    throughput: partsWithTerms("tok/s", explained),
    latencies: columns.map((column) => ({
      ...column,
      parts: partsWithTerms(`${METRIC_LABELS[column.metric]} ${STATISTIC_LABELS[column.statistic]}`, explained),
    })),
    month: partsWithTerms(`${currencySign(view.question.currency)} / month`, explained),
  };
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 text-[13px] text-muted">
        <div>
          <label>
            <span className="sr-only">Rank by</span>
            <Select
              className="inline-select"
              choices={RANKS}
              value={query.question.rankBy}
              onChoose={(rankBy) => onChange({ ...query, question: { ...query.question, rankBy } })}
            />
          </label>{" "}
          <WithTerms parts={parts.rankedAt} />
        </div>
        {view.counts.ranked > rows.length || query.showAll ? (
          <button type="button" className="link" onClick={() => onChange({ ...query, showAll: !query.showAll })}>
            {query.showAll ? "Best of each accelerator" : `All ${formatCount(view.counts.ranked)} configurations`}
          </button>
        ) : null}
      </div>
      <table className="data-table mt-1" data-table="ranking">
        <thead>
          <tr>
            <th className="text" scope="col">
              Configuration
            </th>
            <th scope="col" className={hasPlan(view) ? "max-sm:hidden" : ""}>
              <WithTerms parts={parts.cost} />
            </th>
            <th scope="col" className="max-sm:hidden">
              <WithTerms parts={parts.throughput} />
            </th>
            {parts.latencies.map((column, index) => (
              <th key={`${column.metric}${column.statistic}`} scope="col" className={index > 0 ? "max-sm:hidden" : ""}>
                <WithTerms parts={column.parts} />
                <br />
                ms
              </th>
            ))}
            {hasPlan(view) && (
              <th scope="col">
                <WithTerms parts={parts.month} />
              </th>
            )}
            <th scope="col">
              <span className="sr-only">How known</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row
              key={row.curve.curveId}
              row={row}
              first={index === 0}
              columns={columns}
              data={data}
              query={query}
              view={view}
              onChange={onChange}
            />
          ))}
        </tbody>
      </table>
      <Late>
        <RankingFoot rows={rows} data={data} query={query} view={view} />
      </Late>
    </div>
  );
});

/** Where on their curves the rows are held against each other. */
function rankedAtText(targets: number): string {
  if (targets === 0) return "at the knee of each curve";
  if (targets === 1) return "that meets the target";
  return `that meets ${targets === 2 ? "both" : `all ${targets}`} targets`;
}

function Row({
  row,
  first,
  columns,
  data,
  query,
  view,
  onChange,
}: ExplorerProps & {
  row: RankedConfiguration;
  first: boolean;
  columns: { metric: Metric; statistic: Statistic }[];
}) {
  const { configuration } = row.curve;
  const point = row.operatingPoint;
  const isHighlighted = query.highlight.includes(configuration.configurationId);
  const machines = machinesText(row);
  const columnCount = columns.length + (hasPlan(view) ? 5 : 4);
  return (
    <>
      <tr
        className={`row-main ${first ? "bg-soft" : ""} ${isHighlighted ? "row-highlighted" : ""}`}
        data-configuration={configuration.configurationId}
        data-owner={configuration.configurationId}
        onClick={(event) => openRow(event, configurationHref(configuration.configurationId, query, view))}
        aria-current={isHighlighted ? "true" : undefined}
      >
        <td className="text">
          <div className="flex gap-2">
            <span
              aria-hidden="true"
              className="mt-1.5 h-2.5 w-2.5 shrink-0 rounded-[3px]"
              style={{ background: acceleratorColor(configuration.accelerator) }}
            />
            <div className="min-w-0">
              <a
                className="font-semibold hover:underline"
                href={configurationHref(configuration.configurationId, query, view)}
              >
                {hardwareLabel(data.accelerators, configuration)}
              </a>
              <div className="text-[12px] text-muted">{configurationSubtitle(configuration)}</div>
              <Distinction of={configuration} among={data.distinctions} />
              <CompareToggle
                id={configuration.configurationId}
                name={`${hardwareLabel(data.accelerators, configuration)}, ${configurationSubtitle(configuration)}`}
                query={query}
                onChange={onChange}
              />
            </div>
          </div>
        </td>
        <td className={`whitespace-nowrap ${hasPlan(view) ? "max-sm:hidden" : ""}`}>
          <CostCell row={row} />
        </td>
        <td className="whitespace-nowrap max-sm:hidden">
          {formatNumber(point.outputTokensPerSecond)}
          {point.throughputBasis === "derived" && <div className="text-[12px] text-muted italic">derived</div>}
        </td>
        {columns.map((column, index) => (
          <td
            key={`${column.metric}${column.statistic}`}
            className={`whitespace-nowrap ${index > 0 ? "max-sm:hidden" : ""}`}
          >
            <LatencyCell point={point} {...column} />
          </td>
        ))}
        {hasPlan(view) && (
          <td>
            <PlanCell row={row} />
          </td>
        )}
        <td className="text-[12px] text-muted" title={operatingPointBasis(point)} data-grade={gradeOf(point)}>
          <span aria-hidden="true">{GRADE_WORDS[gradeOf(point)].sign}</span>
          <div className="whitespace-nowrap text-[11px] max-sm:sr-only">{GRADE_WORDS[gradeOf(point)].word}</div>
        </td>
      </tr>
      <tr className={`${first ? "bg-soft" : ""} ${isHighlighted ? "row-highlighted" : ""}`}>
        <td className="row-note text" colSpan={columnCount}>
          {equalSpeedText(row)}
          {machines === "" ? "" : `On ${machines}. `}
          {row.whyNotMore}
        </td>
      </tr>
    </>
  );
}

/** A press anywhere in a row opens it, but for what has a press of its own, and for who selects text. */
function openRow(event: MouseEvent<HTMLElement>, href: string): void {
  const { target } = event;
  if (!(target instanceof Element) || target.closest("a, button, input, select, label") !== null) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || window.getSelection()?.isCollapsed === false) return;
  window.location.assign(href);
}

/** What the row costs at the speed all are held against; empty where they are not. */
function equalSpeedText({ atEqualSpeed, currency }: RankedConfiguration): string {
  if (atEqualSpeed === null) return "";
  const { statistic, tpotMs, usdPerMillion } = atEqualSpeed;
  const speed = `At TPOT ${statistic} ${formatLatency(tpotMs)}`;
  return usdPerMillion === null
    ? `${speed}: not measured so far. `
    : `${speed}: ${formatMoney(usdPerMillion, currency)} per million. `;
}

/** The plan of a row: the bill, the replicas with their accelerators, and how many of those are there already. */
function PlanCell({ row }: { row: RankedConfiguration }) {
  const { capacity, curve, operatingPoint } = row;
  if (capacity === null) return <span className="text-muted">–</span>;
  const { replicas, accelerators, usdPerMonth, stock } = capacity;
  const each = curve.configuration.acceleratorCount;
  const bound = operatingPoint.kind === "atLeast" ? "≤ " : "";
  const lines = [
    `${formatCount(replicas)} × ${each}${accelerators === replicas * each ? "" : `, ${formatCount(accelerators)} bought`}`,
    stock === null || stock.accelerators === 0 ? "" : `${stock.taken} of your ${stock.accelerators}`,
    stock === null || stock.replicasMissing === 0 ? "" : `${formatCount(stock.replicasMissing)} too few`,
  ];
  return (
    <>
      <span className="whitespace-nowrap">
        {usdPerMonth === null
          ? "unknown"
          : usdPerMonth === 0
            ? "nothing to buy"
            : `${bound}${formatMoney(usdPerMonth, row.currency)}`}
      </span>
      <div className="text-[12px] text-muted sm:hidden">{costText(row) ?? "price unknown"} / M</div>
      {lines
        .filter((line) => line !== "")
        .map((line) => (
          <div key={line} className="ml-auto max-w-[110px] text-[12px] text-muted">
            {line}
          </div>
        ))}
    </>
  );
}

/** `$`, else the code. */
function currencySign({ code }: Currency): string {
  return code === "USD" ? "$" : code;
}

function CostCell({ row }: { row: RankedConfiguration }) {
  const { cost, breakEvenUsdPerAcceleratorHour: breakEven } = row;
  if (cost.kind === "known") {
    const isBound = row.operatingPoint.kind === "atLeast";
    return (
      <>
        {isBound && (
          <span title="At most: the load ended before the target, so the throughput is a lower bound.">≤ </span>
        )}
        {formatMoney(cost.usdPerMillionOutputTokens, row.currency)}
      </>
    );
  }
  return (
    <span className="text-[12px] text-muted" title={cost.reason}>
      price unknown
      {breakEven !== null && (
        <>
          <br />
          wins below
          <br />
          {formatMoney(breakEven, row.currency)}/h
        </>
      )}
    </span>
  );
}

function LatencyCell({ point, metric, statistic }: { point: OperatingPoint; metric: Metric; statistic: Statistic }) {
  const value = point[latencyField(metric)]?.[statistic] ?? null;
  if (value !== null) return formatMs(value);
  const standing = point.standings.find((item) => item.slo.metric === metric && item.slo.statistic === statistic);
  if (standing?.basis === "estimated" && standing.valueMs !== null) {
    return (
      <>
        ≤ {formatMs(standing.valueMs)}
        <div className="text-[12px] text-muted italic">estimated</div>
      </>
    );
  }
  if (standing?.basis === "bound" && standing.valueMs !== null) {
    return (
      <>
        {formatMs(standing.valueMs)}
        <div className="text-[12px] text-muted">{standing.statisticUsed}, a bound</div>
      </>
    );
  }
  return <span className="text-muted">–</span>;
}

/** Latency columns: the targets' metrics (three at most), else the axis of the chart. */
function latencyColumns(view: ExplorerView): { metric: Metric; statistic: Statistic }[] {
  const columns = view.question.slos.map(({ metric, statistic }) => ({ metric, statistic }));
  return columns.length > 0 ? columns.slice(0, 3) : [{ metric: view.axes.metric, statistic: view.axes.statistic }];
}
