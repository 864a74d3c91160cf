import {
  METRIC_LABELS,
  METRICS,
  type Metric,
  STATISTIC_LABELS,
  STATISTICS,
  type Statistic,
} from "@/lib/measurement/latency";

interface LatencyAxis {
  metric: Metric;
  statistic: Statistic;
}

/** Two selects for the latency axis of a chart. Only what was measured can be chosen; a metric keeps the statistic if it has it. */
export function LatencyAxisSelect({
  axis,
  available,
  onChange,
}: {
  axis: LatencyAxis;
  available: readonly LatencyAxis[];
  onChange: (axis: LatencyAxis) => void;
}) {
  const has = (metric: Metric, statistic: Statistic) =>
    available.some((item) => item.metric === metric && item.statistic === statistic);
  return (
    <>
      <label>
        Latency{" "}
        <select
          className="inline-select"
          value={axis.metric}
          onChange={(event) => {
            const metric = event.target.value as Metric;
            const statistic = has(metric, axis.statistic)
              ? axis.statistic
              : (STATISTICS.find((item) => has(metric, item)) ?? axis.statistic);
            onChange({ metric, statistic });
          }}
        >
          {METRICS.filter((metric) => available.some((item) => item.metric === metric)).map((metric) => (
            <option key={metric} value={metric}>
              {METRIC_LABELS[metric]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="sr-only">Statistic</span>
        <select
          className="inline-select"
          value={axis.statistic}
          onChange={(event) => onChange({ ...axis, statistic: event.target.value as Statistic })}
        >
          {STATISTICS.filter((statistic) => has(axis.metric, statistic)).map((statistic) => (
            <option key={statistic} value={statistic}>
              {STATISTIC_LABELS[statistic]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
