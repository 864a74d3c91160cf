import type { Run } from "@/lib/domain";
import { formatCount, formatNumber } from "@/lib/format";
import { throughputOf } from "@/lib/frontier/derive";
import { latencyField, METRIC_LABELS, METRICS, STATISTIC_LABELS, STATISTICS } from "@/lib/measurement/latency";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { loadLabel } from "@/lib/words";

/** Every load point of a run with every statistic it has, and its caveats. */
export function LoadPointsTable({ run }: { run: Run }) {
  const columns = METRICS.flatMap((metric) =>
    STATISTICS.filter((statistic) => run.points.some((point) => point[latencyField(metric)]?.[statistic] != null)).map(
      (statistic) => ({ metric, statistic }),
    ),
  );
  const some = (read: (point: Run["points"][number]) => unknown) => run.points.some((point) => read(point) !== null);
  const withRequests = some((point) => point.requestsCompleted);
  const withRate = some((point) => point.requestRateAchieved);
  const withFlags = run.points.some((point) => point.qualityFlags.length > 0);
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label={`Load points of run ${run.runId}`}>
      <table className="data-table text-[13px]">
        <thead>
          <tr>
            <th scope="col" className="text">
              Load
            </th>
            <th scope="col">Output tok/s</th>
            {withRate && <th scope="col">req/s</th>}
            {withRequests && <th scope="col">Requests</th>}
            {columns.map(({ metric, statistic }) => (
              <th key={`${metric}${statistic}`} scope="col">
                {METRIC_LABELS[metric]} {STATISTIC_LABELS[statistic]}, ms
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
          {run.points.map((point) => {
            const throughput = throughputOf(point);
            return (
              <tr key={point.pointId} id={`point-${point.pointId}`} className="target:bg-soft">
                <td className="text whitespace-nowrap">{loadLabel(point.loadKind, point.loadValue)}</td>
                <td className="whitespace-nowrap">
                  {throughput.outputTokensPerSecond === null ? "–" : formatNumber(throughput.outputTokensPerSecond)}
                  {throughput.basis === "derived" && <span className="text-muted italic"> derived</span>}
                </td>
                {withRate && (
                  <td>{point.requestRateAchieved === null ? "–" : formatNumber(point.requestRateAchieved)}</td>
                )}
                {withRequests && (
                  <td className="whitespace-nowrap">
                    {point.requestsCompleted === null ? "–" : formatCount(point.requestsCompleted)}
                    {point.requestsFailed === null || point.requestsFailed === 0
                      ? ""
                      : `, ${formatCount(point.requestsFailed)} failed`}
                  </td>
                )}
                {columns.map(({ metric, statistic }) => {
                  const value = point[latencyField(metric)]?.[statistic] ?? null;
                  return <td key={`${metric}${statistic}`}>{value === null ? "–" : formatNumber(value)}</td>;
                })}
                {withFlags && (
                  <td className="text min-w-80 text-muted">{point.qualityFlags.map(flagLabel).join(", ")}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
