"use client";

import { useMemo, useState } from "react";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import type { ChartModel, ChartSeries } from "@/components/frontier-chart/model";
import { LatencyAxisSelect } from "@/components/latency-axis-select";
import type { LoadPoint, Slo } from "@/lib/domain";
import { type PackedRuns, unpackRuns } from "@/lib/explorer/packed-runs";
import { formatLatency, formatNumber } from "@/lib/format";
import { availableAxes } from "@/lib/frontier/axes";
import { loadCurves } from "@/lib/frontier/curve";
import { pathBetween } from "@/lib/frontier/curve-path";
import { latencyOf, throughputOf } from "@/lib/frontier/derive";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { latencyField, METRIC_LABELS, type Metric, STATISTIC_LABELS, type Statistic } from "@/lib/measurement/latency";
import type { OperatingPoint } from "@/lib/selection/types";
import { loadLabel } from "@/lib/words";

interface ConfigurationCurveProps {
  runs: PackedRuns;
  acceleratorName: string;
  slos: Slo[];
  operatingPoint: Pick<OperatingPoint, "kind" | "outputTokensPerSecond" | `${Metric}Ms`> | null;
}

/** The load curves of one configuration, one for each run: throughput of the deployment against the chosen latency. */
export function ConfigurationCurve({ runs, acceleratorName, slos, operatingPoint }: ConfigurationCurveProps) {
  const curves = useMemo(() => loadCurves(unpackRuns(runs)), [runs]);
  const available = useMemo(() => availableAxes(curves).filter((item) => item.points > 0), [curves]);
  const firstSlo = slos.find((slo) =>
    available.some((item) => item.metric === slo.metric && item.statistic === slo.statistic),
  );
  const [axis, setAxis] = useState<{ metric: Metric; statistic: Statistic }>(
    firstSlo ?? available[0] ?? { metric: "tpot", statistic: "mean" },
  );
  const model = useMemo(
    () => curveChart(curves, axis, acceleratorName, operatingPoint),
    [curves, axis, acceleratorName, operatingPoint],
  );
  if (available.length === 0) {
    return <p className="text-muted">These figures have no latency with a throughput: there is nothing to draw.</p>;
  }
  return (
    <div>
      <div className="mb-1 flex flex-wrap gap-x-3 text-[13px] text-muted">
        <LatencyAxisSelect axis={axis} available={available} onChange={setAxis} />
      </div>
      <FrontierChart model={model} limit={limitOn(slos, axis)} />
    </div>
  );
}

/** The way from one point of a curve to the next. */
function pathTo(points: readonly LoadPoint[], index: number, axis: { metric: Metric; statistic: Statistic }) {
  const [from, to] = [points[index], points[index + 1]];
  if (from === undefined || to === undefined) return [];
  const axes = { throughput: "deployment" as const, ...axis };
  return pathBetween(points, [from, to], axes, { acceleratorCount: 1, usdPerHour: null });
}

function curveChart(
  curves: LoadCurve[],
  axis: { metric: Metric; statistic: Statistic },
  acceleratorName: string,
  operatingPoint: ConfigurationCurveProps["operatingPoint"],
): ChartModel {
  const series = curves.map((curve, index): ChartSeries => {
    const placed = curve.points.flatMap((point) => {
      const y = latencyOf(point, axis.metric, axis.statistic).value;
      const throughput = throughputOf(point);
      return y === null || throughput.outputTokensPerSecond === null
        ? []
        : [{ point, y, x: throughput.outputTokensPerSecond, basis: throughput.basis ?? "measured" }];
    });
    return {
      id: curve.curveId,
      accelerator: curve.configuration.accelerator,
      label: curves.length === 1 ? acceleratorName : (curve.measuredOn?.slice(0, 10) ?? `run ${index + 1}`),
      dominated: [],
      marks: placed.map(({ point, x, y, basis }, position) => ({
        id: point.pointId,
        owner: curve.configuration.configurationId,
        x,
        y,
        basis,
        shape: index === 0 ? "circle" : "square",
        href: `#point-${point.pointId}`,
        title: loadLabel(point.loadKind, point.loadValue),
        details: [
          ["Throughput", `${formatNumber(x)} tokens/s${basis === "derived" ? ", derived" : ""}`],
          [`${METRIC_LABELS[axis.metric]} ${STATISTIC_LABELS[axis.statistic]}`, formatLatency(y)],
          ["Source", [curve.source.name, curve.measuredOn?.slice(0, 10)].filter(Boolean).join(", ")],
        ],
        connection: position === placed.length - 1 ? null : "line",
        path: pathTo(
          placed.map((item) => item.point),
          position,
          axis,
        ),
      })),
    };
  });
  const ringY = operatingPoint?.[latencyField(axis.metric)]?.[axis.statistic] ?? null;
  const name = `${METRIC_LABELS[axis.metric]} ${STATISTIC_LABELS[axis.statistic]}`;
  return {
    series,
    rings:
      operatingPoint === null || ringY === null
        ? []
        : [
            {
              series: curves[0]?.curveId ?? "",
              accelerator: curves[0]?.configuration.accelerator ?? "",
              x: operatingPoint.outputTokensPerSecond,
              y: ringY,
              kind: operatingPoint.kind,
              winner: true,
              title: "Operating point",
              detail: "",
            },
          ],
    xLabel: "output tokens/s of the deployment",
    yLabel: `${name}, ms`,
    description: `Load curve: output tokens/s of the deployment against ${name}. The table of load points has the same data.`,
  };
}
