import { markDetails, precisionShape, wattsAt, X_LABELS } from "@/components/explorer/explorer-chart";
import type { ChartModel, ChartSeries, OperatingRing } from "@/components/frontier-chart/model";
import type { ComparedChoice, Comparison } from "@/lib/explorer/comparison";
import { configurationHref } from "@/lib/explorer/explorer-view";
import { hardwareLabel, operatingPointBasis } from "@/lib/explorer/row-words";
import { throughputOnAxis } from "@/lib/frontier/axes";
import { latencyField, METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";

/** Name of a choice with its letter: `A 2× H100 SXM`. */
export function choiceLabel({ letter, configuration, accelerator }: ComparedChoice): string {
  return `${letter} ${hardwareLabel(accelerator === null ? [] : [accelerator], configuration)}`;
}

/** How many choices before it stand on the same accelerator: they share its colour. */
function variantOf(choices: readonly ComparedChoice[], index: number): number {
  const id = choices[index]?.configuration.accelerator;
  return choices.slice(0, index).filter(({ configuration }) => configuration.accelerator === id).length;
}

/** The load curves of all choices on one pair of axes, with their operating points. */
export function comparisonChart(comparison: Comparison): ChartModel {
  const { choices, axes } = comparison;
  const series = choices.flatMap((choice, index): ChartSeries[] =>
    choice.points.length === 0 ? [] : [curveSeries(comparison, choice, variantOf(choices, index))],
  );
  const yName = `${METRIC_LABELS[axes.metric]} ${STATISTIC_LABELS[axes.statistic]}`;
  return {
    series,
    rings: choices.flatMap((choice, index) => ringOf(comparison, choice, index === comparison.baseline)),
    xLabel: X_LABELS[axes.throughput],
    yLabel: `${yName}, ms`,
    yScale: comparison.asked.query.axes.scale,
    description: `Load curves of ${series.map(({ label }) => label).join(", ")}: ${X_LABELS[axes.throughput]} against ${yName}. The table has their operating points, and the page of each configuration every point.`,
  };
}

function curveSeries({ asked, question, axes }: Comparison, choice: ComparedChoice, variant: number): ChartSeries {
  const { configuration } = choice;
  const href = configurationHref(configuration.configurationId, asked.query, { question });
  return {
    id: configuration.configurationId,
    accelerator: configuration.accelerator,
    label: choiceLabel(choice),
    variant,
    dominated: [],
    marks: choice.points.map((point, index) => ({
      id: point.point.pointId,
      owner: configuration.configurationId,
      x: point.x,
      y: point.y,
      shape: precisionShape(configuration.precision),
      basis: point.basis,
      href,
      title: choiceLabel(choice),
      details: markDetails(point, axes),
      connection: index === choice.points.length - 1 ? null : "line",
    })),
  };
}

function ringOf({ axes }: Comparison, choice: ComparedChoice, winner: boolean): OperatingRing[] {
  if (!choice.outcome.ok) return [];
  const { operatingPoint } = choice.outcome.value;
  const { accelerator, acceleratorCount } = choice.configuration;
  const y = operatingPoint[latencyField(axes.metric)]?.[axes.statistic] ?? null;
  const x = throughputOnAxis(operatingPoint.outputTokensPerSecond, axes.throughput, {
    acceleratorCount,
    usdPerHour: choice.usdPerHour,
    watts: wattsAt(operatingPoint, choice.outcome.value.curve),
  });
  if (x === null || y === null) return [];
  return [
    {
      series: choice.configuration.configurationId,
      accelerator,
      x,
      y,
      kind: operatingPoint.kind,
      winner,
      title: choiceLabel(choice),
      detail: operatingPointBasis(operatingPoint),
    },
  ];
}
