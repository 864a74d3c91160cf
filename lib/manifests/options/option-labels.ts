import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { METRICS_SOURCE_KINDS } from "../autoscalers/metrics-sources";
import { GATEWAY_KINDS } from "../gateways/all";
import { MONITORING_KINDS } from "../monitoring/all";
import { PLATFORMS, platformNames } from "../platforms/all";
import { STORAGE_KINDS } from "../storage/all";
import type { ContextLength, DeviceAccess, ManifestOptions, Signal } from "./manifest-options";
import type { OptionLabel } from "./option-label";

function labels(kinds: Record<string, OptionLabel>): Record<string, OptionLabel> {
  return Object.fromEntries(Object.entries(kinds).map(([id, { label, help }]) => [id, { label, help }]));
}

const DEVICE_ACCESS_OPTIONS: Record<DeviceAccess, OptionLabel> = {
  plugin: { label: "device plugin", help: "The accelerator as an extended resource, as every cluster has it" },
  dra: {
    label: "resource claims (DRA)",
    help: `Claims that may fall back to other accelerators; Kubernetes 1.34, a DRA driver; not on ${platformNames(({ claimsProblem }) => claimsProblem !== undefined, "or")}`,
  },
};

const SIGNAL_OPTIONS: Record<Signal, OptionLabel> = {
  auto: {
    label: "by what was measured",
    help: "Requests running where the operating point tells them, else the queue",
  },
  running: { label: "requests running", help: "Acts before requests wait; for tight latency targets" },
  queue: { label: "requests waiting", help: "Acts when requests wait; for throughput" },
  "kv-cache": { label: "KV-cache use", help: "Acts when memory for contexts runs out; for long requests" },
};

const CONTEXT_OPTIONS: Record<ContextLength, OptionLabel> = {
  measured: { label: "by the measured lengths", help: "Longer requests are refused; what the figures hold for" },
  model: { label: "the model's own", help: "As long as model and memory allow; departs from what was measured" },
};

/** Values of every option one chooses from a list, in the order the page asks. */
export const OPTION_LABELS = {
  platform: Object.fromEntries(PLATFORMS.map(({ id, label, help }) => [id, { label, help }])),
  deviceAccess: DEVICE_ACCESS_OPTIONS,
  storage: labels(STORAGE_KINDS),
  gateway: labels(GATEWAY_KINDS),
  autoscaler: labels(AUTOSCALER_KINDS),
  metrics: labels(METRICS_SOURCE_KINDS),
  context: CONTEXT_OPTIONS,
  signal: SIGNAL_OPTIONS,
  monitoring: labels(MONITORING_KINDS),
} satisfies { [K in keyof ManifestOptions]?: Record<string, OptionLabel> };

/** Label and help of one value, as an address or the command line writes it; `null` where the option is not chosen from a list. */
export function optionLabel(option: keyof ManifestOptions, value: string): OptionLabel | null {
  const values: Record<string, OptionLabel> | undefined = Object.hasOwn(OPTION_LABELS, option)
    ? OPTION_LABELS[option as keyof typeof OPTION_LABELS]
    : undefined;
  return values !== undefined && Object.hasOwn(values, value) ? (values[value] ?? null) : null;
}

const HELP_COLUMN_CHARACTERS = 22;

/** Every value with its help, as lines for the command line's `--help`. @param flagOf the flag of an option */
export function optionHelpText(flagOf: (option: keyof ManifestOptions) => string): string {
  return Object.entries(OPTION_LABELS)
    .flatMap(([option, values]) => [
      "",
      flagOf(option as keyof typeof OPTION_LABELS),
      ...Object.entries(values).map(([value, { help }]) => `  ${value.padEnd(HELP_COLUMN_CHARACTERS)}${help}`),
    ])
    .join("\n");
}
