import { Select } from "@/components/select";
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

/** Two selects for the latency axis of a chart, with what was measured. Another metric keeps the statistic where it has that too. */
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
        <Select
          className="inline-select"
          choices={METRICS.filter((metric) => available.some((item) => item.metric === metric)).map(
            (metric) => [metric, METRIC_LABELS[metric]] as const,
          )}
          value={axis.metric}
          onChoose={(metric) => {
            const statistic = has(metric, axis.statistic)
              ? axis.statistic
              : (STATISTICS.find((item) => has(metric, item)) ?? axis.statistic);
            onChange({ metric, statistic });
          }}
        />
      </label>
      <label>
        <span className="sr-only">Statistic</span>
        <Select
          className="inline-select"
          choices={STATISTICS.filter((statistic) => has(axis.metric, statistic)).map(
            (statistic) => [statistic, STATISTIC_LABELS[statistic]] as const,
          )}
          value={axis.statistic}
          onChoose={(statistic) => onChange({ ...axis, statistic })}
        />
      </label>
    </>
  );
}
