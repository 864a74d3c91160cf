import type { LoadPoint, Run } from "@/lib/domain";
import { formatCount, formatNumber } from "@/lib/format";
import { LATENCY_STATISTICS, METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { type NumberField, QUANTITIES } from "@/lib/measurement/quantities";
import { loadLabel } from "@/lib/words";

interface Column {
  title: string;
  read: (point: LoadPoint) => number | null;
  format?: (value: number) => string;
}

/** What people look for first; the other quantities follow in the order of their table. */
const FIRST: readonly NumberField[] = [
  "outputTokensPerSecond",
  "outputTokensPerSecondDerived",
  "inputTokensPerSecond",
  "totalTokensPerSecond",
  "requestRateAchieved",
];

function rankOf(field: NumberField): number {
  return FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length;
}

const COLUMNS: readonly Column[] = [
  ...QUANTITIES.filter(({ kind }) => kind !== "load")
    .sort((a, b) => rankOf(a.field) - rankOf(b.field))
    .map(({ field, heading, kind }) => ({
      title: heading,
      read: (point: LoadPoint) => point[field],
      ...(kind === "count" ? { format: formatCount } : {}),
    })),
  ...LATENCY_STATISTICS.map(({ metric, statistic, field }) => ({
    title: `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}, ms`,
    read: (point: LoadPoint) => point[field]?.[statistic] ?? null,
  })),
];

/** Everything that was measured at each load of a run. Columns without a value are left out. */
export function RunPoints({ run }: { run: Run }) {
  const columns = COLUMNS.filter(({ read }) => run.points.some((point) => read(point) !== null));
  const withFlags = run.points.some((point) => point.qualityFlags.length > 0);
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="Load points">
      <table className="data-table text-[13px]" data-table="points">
        <thead>
          <tr>
            <th scope="col" className="text">
              Load
            </th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {withFlags && (
              <th scope="col" className="text">
                Caveats
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {run.points.map((point) => (
            <tr key={point.pointId} id={`point-${point.pointId}`} className="target:bg-soft">
              <td className="text whitespace-nowrap">{loadLabel(point.loadKind, point.loadValue)}</td>
              {columns.map(({ title, read, format = formatNumber }) => {
                const value = read(point);
                return (
                  <td key={title} title={value === null ? undefined : String(value)}>
                    {value === null ? "–" : format(value)}
                  </td>
                );
              })}
              {withFlags && (
                <td className="text min-w-64 text-muted">{point.qualityFlags.map(flagLabel).join(", ")}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
