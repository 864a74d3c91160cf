import { type FormEvent, useState } from "react";
import { Select } from "@/components/select";
import type { Slo } from "@/lib/domain";
import type { AvailableAxis } from "@/lib/frontier/axes";
import {
  METRIC_LABELS,
  METRIC_MEANINGS,
  METRICS,
  type Metric,
  STATISTIC_LABELS,
  STATISTICS,
  type Statistic,
} from "@/lib/measurement/latency";
import { PRESETS, presetSlos } from "@/lib/selection/presets";
import { sloLabel } from "@/lib/selection/slo";
import type { Question } from "@/lib/selection/types";
import type { EditorProps } from "./editor-props";

/** One target: metric, statistic, limit. Offers what was measured; says how much. Presets replace all targets. */
export function TargetEditor({ target, query, view, onChange, onClose }: EditorProps) {
  const slos = view.question.slos;
  const existing = slos[target.index];
  const offered = view.available.filter((item) => item.points > 0);
  const start = existing ?? offered.find((item) => !slos.some((slo) => slo.metric === item.metric)) ?? offered[0];
  const [metric, setMetric] = useState<Metric>(start?.metric ?? "ttft");
  const [statistic, setStatistic] = useState<Statistic>(start?.statistic ?? "p50");
  const [limit, setLimit] = useState(existing === undefined ? "" : String(existing.limitMs));
  const count = offered.find((item) => item.metric === metric && item.statistic === statistic);
  const metrics = METRICS.filter((item) => item === existing?.metric || offered.some((o) => o.metric === item));
  function submit(event: FormEvent) {
    event.preventDefault();
    const limitMs = Number(limit);
    if (!(limitMs > 0)) return;
    const others = slos.filter(
      (slo, index) => index !== target.index && !(slo.metric === metric && slo.statistic === statistic),
    );
    onChange({ ...query, slos: others.toSpliced(target.index, 0, { metric, statistic, limitMs }) });
    onClose();
  }

  return (
    <form onSubmit={submit}>
      <div className="flex flex-wrap items-end gap-2">
        <label className="text-[12px] text-muted">
          Metric
          <Select
            className="field mt-1.5 block text-[14px] text-ink"
            choices={metrics.map((item) => [item, METRIC_LABELS[item]] as const)}
            value={metric}
            onChoose={setMetric}
          />
        </label>
        <label className="text-[12px] text-muted">
          Statistic
          <Select
            className="field mt-1.5 block text-[14px] text-ink"
            choices={STATISTICS.map((item) => [item, STATISTIC_LABELS[item]] as const)}
            value={statistic}
            onChoose={setStatistic}
          />
        </label>
        <label className="text-[12px] text-muted">
          At most, ms
          <input
            // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
            autoFocus
            type="number"
            min="0.001"
            step="any"
            required
            inputMode="decimal"
            className="field block w-28 text-[14px] text-ink"
            value={limit}
            onChange={(event) => setLimit(event.target.value)}
          />
        </label>
        <button type="submit" className="button button-primary">
          Set
        </button>
      </div>
      <p className="mt-1.5 text-[12px] text-muted">
        {METRIC_LABELS[metric]}: {METRIC_MEANINGS[metric]}.{" "}
        {count === undefined
          ? notMeasured(statistic, view.question)
          : `Measured at ${count.points} points on ${count.accelerators} accelerators here.`}
      </p>
      {existing !== undefined && (
        <button
          type="button"
          className="link mt-1 text-[13px]"
          onClick={() => {
            onChange({ ...query, slos: slos.filter((_, index) => index !== target.index) });
            onClose();
          }}
        >
          Remove this target
        </button>
      )}
      <Presets
        available={view.available}
        onChoose={(wanted) => {
          onChange({ ...query, slos: wanted, axes: { ...query.axes, latency: null } });
          onClose();
        }}
      />
    </form>
  );
}

/** What happens to a target on a statistic nobody measured here. */
function notMeasured(statistic: Statistic, { estimates, measuredOnly }: Question): string {
  if (statistic === "mean" || statistic === "p50") return "Not measured here.";
  const standIn = "Not measured here: a higher percentile stands in where there is one";
  return estimates && !measuredOnly
    ? `${standIn}, else it is estimated from the mean or median of the same load, and said so.`
    : `${standIn}; estimates are switched off.`;
}

/** All targets of a use at once. */
function Presets({ available, onChoose }: { available: readonly AvailableAxis[]; onChoose: (slos: Slo[]) => void }) {
  return (
    <div className="mt-3 border-line border-t pt-2">
      <p className="text-[12px] text-muted">Or take all targets of a use, as their sources state them</p>
      <div className="mt-1 flex flex-wrap gap-1.5">
        {PRESETS.map((preset) => {
          const wanted = presetSlos(preset, available);
          return (
            <button
              key={preset.id}
              type="button"
              className="pill"
              title={preset.source}
              onClick={() => onChoose(wanted)}
            >
              <span>
                {preset.label}
                <span className="block text-[12px] font-normal text-muted">
                  {wanted.length === 0 ? "no latency target" : wanted.map(sloLabel).join(", ")}
                </span>
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}
