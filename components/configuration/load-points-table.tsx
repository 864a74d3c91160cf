import type { Run } from "@/lib/domain";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import { throughputOf } from "@/lib/frontier/derive";
import { cancelledShareOf, failedShareOf } from "@/lib/measurement/checks/failures";
import { LATENCY_STATISTICS, METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { type NumberField, QUANTITIES } from "@/lib/measurement/quantities";
import { loadLabel } from "@/lib/words";

/** Quantities that have a column of their own below, or that are part of the load or the workload. */
const SHOWN_OTHERWISE: ReadonlySet<NumberField> = new Set([
  "loadValue",
  "requestsCompleted",
  "requestsFailed",
  "requestsCancelled",
  "durationS",
  "requestRateAchieved",
  "outputTokensPerSecond",
  "outputTokensPerSecondDerived",
  "inputTokensPerSecond",
  "totalTokensPerSecond",
  "inputTokensMean",
  "outputTokensMean",
]);

/** Every load point of a run with every statistic it has, and its caveats. */
export function LoadPointsTable({ run }: { run: Run }) {
  const quantities = QUANTITIES.filter(
    ({ field }) => !SHOWN_OTHERWISE.has(field) && run.points.some((point) => point[field] !== null),
  );
  const latencies = LATENCY_STATISTICS.filter(({ field, statistic }) =>
    run.points.some((point) => (point[field]?.[statistic] ?? null) !== null),
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
            {quantities.map(({ field, heading }) => (
              <th key={field} scope="col">
                {heading}
              </th>
            ))}
            {latencies.map(({ metric, statistic, column }) => (
              <th key={column} scope="col">
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
                      : `, ${formatCount(point.requestsFailed)} failed (${formatPercent(failedShareOf(point) ?? 0)})`}
                    {point.requestsCancelled === null || point.requestsCancelled === 0
                      ? ""
                      : `, ${formatCount(point.requestsCancelled)} cancelled (${formatPercent(cancelledShareOf(point) ?? 0)})`}
                  </td>
                )}
                {quantities.map(({ field }) => (
                  <td key={field}>{numberText(point[field])}</td>
                ))}
                {latencies.map(({ field, statistic, column }) => (
                  <td key={column}>{numberText(point[field]?.[statistic] ?? null)}</td>
                ))}
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

function numberText(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}
