import { type LoadPoint, latencyField, METRICS, type Run, STATISTICS } from "@/lib/domain";
import { formatCount, formatNumber } from "@/lib/format";
import { flagLabel } from "@/lib/quality-words";
import { loadLabel, METRIC_LABELS, STATISTIC_LABELS } from "@/lib/words";

interface Column {
  title: string;
  read: (point: LoadPoint) => number | null;
  format?: (value: number) => string;
}

const COLUMNS: readonly Column[] = [
  { title: "Output tok/s", read: (point) => point.outputTokensPerSecond },
  { title: "Output tok/s, derived", read: (point) => point.outputTokensPerSecondDerived },
  { title: "Input tok/s", read: (point) => point.inputTokensPerSecond },
  { title: "Total tok/s", read: (point) => point.totalTokensPerSecond },
  { title: "Achieved req/s", read: (point) => point.requestRateAchieved },
  { title: "Completed", read: (point) => point.requestsCompleted, format: formatCount },
  { title: "Failed", read: (point) => point.requestsFailed, format: formatCount },
  { title: "Duration, s", read: (point) => point.durationS },
  { title: "Input tokens", read: (point) => point.inputTokensMean },
  { title: "Output tokens", read: (point) => point.outputTokensMean },
  ...METRICS.flatMap((metric) =>
    STATISTICS.map((statistic) => ({
      title: `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}, ms`,
      read: (point: LoadPoint) => point[latencyField(metric)]?.[statistic] ?? null,
    })),
  ),
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
