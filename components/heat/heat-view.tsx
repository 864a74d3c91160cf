import { ProblemNotices } from "@/components/problem-notices";
import { configurationHref } from "@/lib/explorer/explorer-view";
import { HEAT_VALUES, type HeatRow, type HeatTable, type HeatValue } from "@/lib/explorer/heat-table";
import { formatMs, formatNumber, formatUsd, plural } from "@/lib/format";
import { METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { type ExplorerQuery, questionOf, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { sloLabel } from "@/lib/selection/slo";

const VALUE_LABELS: Record<HeatValue, string> = {
  cost: "USD per million output tokens",
  throughput: "output tokens/s per accelerator",
  latency: "latency of the first target, ms",
};

interface HeatViewProps {
  table: HeatTable;
  query: ExplorerQuery;
  value: HeatValue;
  problems: readonly string[];
}

/** Models × accelerators, the best value of each; what was not measured says so. */
export function HeatView({ table, query, value, problems }: HeatViewProps) {
  const { accelerators, rows, modelsLeftOut } = table;
  const targets = query.slos === null ? "the first targets of each model" : query.slos.map(sloLabel).join(" and ");
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <ProblemNotices problems={problems} className="mb-3" />
      <h1 className="text-[22px] leading-[1.3] sm:text-[26px]">Models × accelerators</h1>
      <p className="mt-1 max-w-[900px] text-muted">
        The best {VALUE_LABELS[value]} of each at {targets === "" ? "the knee of each curve" : targets}, each model
        under the workload it was measured under most. Within a row a stronger colour is better.
      </p>
      <nav aria-label="Value" className="mt-2 flex flex-wrap gap-x-4 text-[13px]">
        {HEAT_VALUES.map((other) => (
          <a
            key={other}
            className={`tap ${other === value ? "font-semibold" : "link"}`}
            aria-current={other === value ? "true" : undefined}
            href={`/table?${[serializeExplorerQuery(query), `value=${other}`].filter((part) => part !== "").join("&")}`}
          >
            {VALUE_LABELS[other]}
          </a>
        ))}
      </nav>
      <section aria-label="Best values" tabIndex={0} className="relative mt-3 max-h-[80vh] overflow-auto">
        <table className="data-table heat-table" data-table="heat">
          <thead>
            <tr>
              <th scope="col" className="text">
                Model
              </th>
              {accelerators.map(({ id, shortName }) => (
                <th key={id} scope="col">
                  {shortName}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.modelId} row={row} table={table} query={query} value={value} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-[12.5px] text-muted">
        –&ensp;not measured:{" "}
        <a className="link" href="/upload">
          add reports
        </a>{" "}
        of it, or take the benchmark Job of a manifest of the same model.&ensp;×&ensp;measured, but nothing meets the
        targets.&ensp;? no price known.
        {modelsLeftOut > 0 && ` ${plural(modelsLeftOut, "model")} with fewer load points left out.`}
      </p>
    </main>
  );
}

function Row({ row, table, query, value }: Omit<HeatViewProps, "problems"> & { row: HeatRow }) {
  const asked = { ...query, model: row.modelId, workload: row.workloadId };
  const question = questionOf(query, [...row.slos]);
  return (
    <tr data-model={row.modelId}>
      <th scope="row" className="text">
        <a className="font-semibold text-ink hover:underline" href={`/?${serializeExplorerQuery(asked)}`}>
          {row.modelName}
        </a>
        <div className="font-normal text-[11px]">{row.workloadId}</div>
      </th>
      {table.accelerators.map(({ id, shortName }) => {
        const state = row.cells.get(id);
        if (state === undefined) {
          return (
            <td key={id} className="text-muted" data-heat="notMeasured">
              –<span className="sr-only"> not measured</span>
            </td>
          );
        }
        if (state.kind === "missed") {
          return (
            <td key={id} className="text-muted" data-heat="missed">
              ×<span className="sr-only"> measured, but nothing meets the targets</span>
            </td>
          );
        }
        const { cell } = state;
        return (
          <td
            key={id}
            data-heat="met"
            style={
              cell.place === null
                ? undefined
                : {
                    background: `color-mix(in srgb, var(--color-ok-line) ${Math.round((1 - cell.place) * 38)}%, transparent)`,
                  }
            }
          >
            <a
              className="tap justify-end hover:underline"
              href={configurationHref(cell.configurationId, asked, { question })}
              aria-label={`${row.modelName} on ${shortName}: ${cellText(cell.value, value, cell.isBound)} ${VALUE_LABELS[value]}`}
              title={
                value === "latency" && row.slos[0] !== undefined
                  ? `${METRIC_LABELS[row.slos[0].metric]} ${STATISTIC_LABELS[row.slos[0].statistic]}`
                  : undefined
              }
            >
              {cellText(cell.value, value, cell.isBound)}
            </a>
          </td>
        );
      })}
    </tr>
  );
}

function cellText(amount: number | null, value: HeatValue, isBound: boolean): string {
  if (amount === null) return "?";
  if (value === "cost") return `${isBound ? "≤ " : ""}${formatUsd(amount)}`;
  if (value === "throughput") return `${isBound ? "≥ " : ""}${formatNumber(amount)}`;
  return formatMs(amount);
}
