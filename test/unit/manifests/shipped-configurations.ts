import type { Configuration, Workload } from "../../../lib/domain";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { bundleRefusal } from "../../../lib/manifests/write/manifest-yaml";
import type { Measurement } from "../../../lib/measurement/measurement";
import { shippedCatalogue, shippedReading } from "../shipped-figures";
import { choice } from "./choice";

export interface ShippedChoice {
  label: string;
  choice: Choice;
}

interface Measured {
  configuration: Omit<Configuration, "configurationId">;
  workload: Omit<Workload, "workloadId">;
  point: Measurement;
}

/** One choice, at its last load, for each configuration of the figures that come with the program. */
export function shippedChoices(options: AskedOptions = {}): ShippedChoice[] {
  const catalogue = shippedCatalogue();
  const last = new Map<string, Measured>();
  for (const { configuration, workload, points } of shippedReading().runs) {
    const point = points.at(-1);
    if (point !== undefined) last.set(JSON.stringify(configuration), { configuration, workload, point });
  }
  return [...last].map(([label, { configuration, workload, point }]) => {
    const accelerator = catalogue.accelerators.find((item) => item.id === configuration.accelerator) ?? {};
    const model = catalogue.models.find((item) => item.id === configuration.model) ?? null;
    return {
      label,
      choice: choice({
        accelerator,
        model,
        configuration: { ...configuration, configurationId: label },
        parallelism: configuration.parallelism,
        operatingPoint: {
          loadKind: point.loadKind,
          loadValue: point.loadValue,
          ttftMs: point.ttftMs,
          tpotMs: point.tpotMs,
          itlMs: point.itlMs,
          e2eMs: point.e2eMs,
        },
        options: {
          platform:
            "kubernetesResource" in accelerator && accelerator.kubernetesResource === "google.com/tpu"
              ? "gke"
              : "generic",
          ...options,
        },
        choice: { workload: { ...workload, workloadId: "measured" } },
      }),
    };
  });
}

/** Names and numbers of one configuration out of a reason, so that equal reasons count as one. */
function kindOf(reason: string): string {
  return reason
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\d[\d.,a-z]*/g, "#")
    .slice(0, 90);
}

export interface ShippedCount {
  server: string;
  accelerator: string;
  made: number;
  /** Kind of reason → configurations. */
  refused: Map<string, number>;
}

/** How many shipped configurations get manifests, and why the others do not, by server and accelerator's resource. */
export function countShipped(choices: readonly ShippedChoice[]): ShippedCount[] {
  const counts = new Map<string, ShippedCount>();
  for (const { choice: one } of choices) {
    const server = one.configuration.server ?? "unknown";
    const accelerator = one.accelerator.kubernetesResource ?? "none";
    const key = `${server} ${accelerator}`;
    const count = counts.get(key) ?? { server, accelerator, made: 0, refused: new Map() };
    counts.set(key, count);
    const refusal = bundleRefusal(one);
    if (refusal === null) count.made += 1;
    else {
      const kind = kindOf(refusal);
      count.refused.set(kind, (count.refused.get(kind) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/** The counts as lines of text, for a person who wonders what the figures can be deployed as. */
export function shippedTable(counts: readonly ShippedCount[]): string {
  return counts
    .flatMap(({ server, accelerator, made, refused }) => [
      `${server.padEnd(16)} ${accelerator.padEnd(18)} ${String(made).padStart(4)} with manifests`,
      ...[...refused]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, count]) => `${String(count).padStart(39)} refused: ${reason}`),
    ])
    .join("\n");
}
