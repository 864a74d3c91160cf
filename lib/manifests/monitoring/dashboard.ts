import type { V1ConfigMap } from "@kubernetes/client-node";
import { formatExactLatency, formatLatency, formatNumber } from "../../format";
import { scalingSignal } from "../autoscalers/signal";
import { suffixed } from "../objects/kubernetes-names";
import type { BundleContext } from "../plan/bundle-context";
import { figureName } from "../plan/settings-standing";
import { operatingPointText } from "../write/provenance-annotations";
import { WINDOW_MINUTES } from "./alerts";
import { histogramStatistic, serverSelector } from "./promql";
import { type LatencyTarget, predictedOnly, promSeconds, targetLabel } from "./targets";

/** A line of a panel: a query, or a constant. */
interface Line {
  legend: string;
  expression: string;
  /** Constants are drawn dashed. */
  constant: boolean;
}

interface Panel {
  title: string;
  description: string;
  unit: "s" | "short" | "percentunit";
  lines: Line[];
}

const PANEL = { width: 12, height: 8, columns: 2 };
const DATASOURCE = { type: "prometheus", uid: "$datasource" };
/** Grafana 9 and later read it; newer ones migrate it. */
const SCHEMA_VERSION = 39;

function constant(legend: string, value: string): Line {
  return { legend, expression: `vector(${value})`, constant: true };
}

function measured(legend: string, expression: string): Line {
  return { legend, expression, constant: false };
}

function latencyPanel(context: BundleContext, target: LatencyTarget): Panel {
  const label = targetLabel(target);
  const expression = histogramStatistic(target.histogram, target.statistic, serverSelector(context), WINDOW_MINUTES);
  const lines = [measured(label, expression)];
  if (target.limitMs !== null) {
    lines.push(constant(`target ${formatExactLatency(target.limitMs)}`, promSeconds(target.limitMs)));
  }
  if (target.predictedMs !== null) {
    lines.push(
      constant(`${figureName(context)} ${formatLatency(target.predictedMs)}`, promSeconds(target.predictedMs)),
    );
  }
  return {
    title: target.limitMs === null ? label : `${label} ≤ ${formatExactLatency(target.limitMs)}`,
    description: `Over all pods, ${WINDOW_MINUTES} minutes. The figure beside it holds at the operating point: below that load it should be lower.`,
    unit: "s",
    lines,
  };
}

function loadPanels(context: BundleContext): Panel[] {
  const { server, scaling, options } = context;
  const selector = serverSelector(context);
  const signal = scalingSignal(context);
  const threshold = (kind: "running" | "queue" | "kv-cache") =>
    options.autoscaler === "none" || !signal.ok || signal.value.kind !== kind
      ? []
      : [constant(`autoscaler acts at ${formatNumber(signal.value.target)}`, String(signal.value.target))];
  const inFlight =
    scaling.inFlight === null
      ? []
      : [
          constant(
            `${figureName(context)} ${formatNumber(scaling.inFlight)}`,
            String(Number(scaling.inFlight.toPrecision(6))),
          ),
        ];
  return [
    {
      title: "Requests running, by pod",
      description: "The prediction is what one pod has in flight at the operating point.",
      unit: "short",
      lines: [
        measured("{{pod}}", `sum by (pod) (${server.signals.running}${selector})`),
        ...inFlight,
        ...threshold("running"),
      ],
    },
    {
      title: "Requests waiting, by pod",
      description: "A queue that stays is load above what the pods carry.",
      unit: "short",
      lines: [measured("{{pod}}", `sum by (pod) (${server.signals.waiting}${selector})`), ...threshold("queue")],
    },
    ...(server.signals.kvCache === null
      ? []
      : [
          {
            title: "KV cache in use, by pod",
            description: "Full, requests wait or are computed again.",
            unit: "percentunit" as const,
            lines: [
              measured("{{pod}}", `avg by (pod) (${server.signals.kvCache}${selector})`),
              ...threshold("kv-cache"),
            ],
          },
        ]),
  ];
}

function throughputPanel(context: BundleContext): Panel[] {
  const { choice, layout, server, identity, options } = context;
  const counter = server.signals.generatedTokens;
  if (counter === null) return [];
  const perPod = choice.operatingPoint.outputTokensPerSecond / layout.measuredReplicas;
  const atLeast = choice.operatingPoint.kind === "atLeast" ? "at least " : "";
  return [
    {
      title: "Output tokens/s, by pod",
      description:
        "The figure beside it is what one pod delivers at the operating point; with less load it delivers less.",
      unit: "short",
      lines: [
        measured(
          "{{pod}}",
          `sum by (pod) (rate(${counter}${serverSelector({ identity, options })}[${WINDOW_MINUTES}m]))`,
        ),
        constant(`${figureName(context)} ${atLeast}${formatNumber(perPod)}`, String(Number(perPod.toPrecision(6)))),
      ],
    },
  ];
}

function podsPanel(context: BundleContext): Panel {
  const { scaling, options } = context;
  return {
    title: "Pods that answer",
    description: `Minimum: ${scaling.minimumReason}.`,
    unit: "short",
    lines: [
      measured("pods", `sum(up${serverSelector(context)})`),
      constant("minimum", String(scaling.minimum)),
      ...(options.autoscaler === "none" ? [] : [constant("maximum", String(scaling.maximum))]),
    ],
  };
}

function panelJson({ title, description, unit, lines }: Panel, index: number): object {
  const refId = (line: number) => String.fromCharCode("A".charCodeAt(0) + line);
  return {
    id: index + 1,
    type: "timeseries",
    title,
    description,
    datasource: DATASOURCE,
    gridPos: {
      x: (index % PANEL.columns) * PANEL.width,
      y: Math.floor(index / PANEL.columns) * PANEL.height,
      w: PANEL.width,
      h: PANEL.height,
    },
    fieldConfig: {
      defaults: { unit, min: 0 },
      overrides: lines.flatMap((line, position) =>
        line.constant
          ? [
              {
                matcher: { id: "byFrameRefID", options: refId(position) },
                properties: [{ id: "custom.lineStyle", value: { fill: "dash", dash: [8, 6] } }],
              },
            ]
          : [],
      ),
    },
    targets: lines.map((line, position) => ({
      refId: refId(position),
      datasource: DATASOURCE,
      expr: line.expression,
      legendFormat: line.legend,
    })),
  };
}

/** JSON a person can read and compare: a line for each field of a panel and each query, the rest in one line. */
function dashboardText(json: { panels: readonly object[] }): string {
  const field = (name: string, value: unknown, indent: string): string => {
    const list = Array.isArray(value) && (name === "targets" || name === "overrides") && value.length > 0;
    if (!list) return `${indent}${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const items = value.map((item) => `${indent}  ${JSON.stringify(item)}`).join(",\n");
    return `${indent}${JSON.stringify(name)}: [\n${items}\n${indent}]`;
  };
  const object = (value: object, indent: string): string => {
    const fields = Object.entries(value).map(([name, member]) =>
      name === "panels" && Array.isArray(member)
        ? `${indent}  "panels": [\n${member.map((panel: object) => `${indent}    ${object(panel, `${indent}    `)}`).join(",\n")}\n${indent}  ]`
        : field(name, member, `${indent}  `),
    );
    return `{\n${fields.join(",\n")}\n${indent}}`;
  };
  return `${object(json, "")}\n`;
}

/**
 * A Grafana dashboard of exactly the metrics that were asked about, with target and prediction as constant lines, as a
 * ConfigMap that Grafana's sidecar finds by its label.
 */
export function dashboard(context: BundleContext, targets: readonly LatencyTarget[]): V1ConfigMap {
  const { identity, choice, server } = context;
  const panels = [
    ...targets.map((target) => latencyPanel(context, target)),
    ...predictedOnly(context).map((target) => latencyPanel(context, target)),
    ...loadPanels(context),
    ...throughputPanel(context),
    podsPanel(context),
  ];
  const json = {
    uid: `iq-${identity.name.slice(-20).replace(/^-+/, "")}`,
    title: `${choice.configuration.model} on ${choice.accelerator.shortName} (${identity.name})`,
    description: `${server.label}; operating point: ${operatingPointText(choice.operatingPoint)}.`,
    tags: ["inference-quickstart"],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: {
      list: [{ name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" }],
    },
    panels: panels.map(panelJson),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: suffixed(identity.name, "dash"),
      labels: { ...identity.labels, "app.kubernetes.io/component": "dashboard", grafana_dashboard: "1" },
    },
    data: { [`${identity.name}.json`]: dashboardText(json) },
  };
}
