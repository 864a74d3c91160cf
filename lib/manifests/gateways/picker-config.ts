import type { ServerPlan } from "../plan/server-plan";
import { commented } from "../write/commented";
import { yamlText } from "../write/yaml-serializer";

/** llm-d.ai/v1alpha1 EndpointPickerConfig: a file, not an object of the cluster. Unknown parameters stop the picker. */
interface EndpointPickerConfig {
  apiVersion: "llm-d.ai/v1alpha1";
  kind: "EndpointPickerConfig";
  plugins: { type: string; parameters?: Record<string, string | boolean | Record<string, string>> }[];
  schedulingProfiles: { name: string; plugins: { pluginRef: string; weight?: number }[] }[];
}

/** The weights of llm-d's default profile. */
const SCORERS: readonly [type: string, weight: number, why: string][] = [
  ["queue-scorer", 2, "fewest requests waiting"],
  ["kv-cache-utilization-scorer", 2, "most room in the KV cache"],
  ["prefix-cache-scorer", 3, "has the beginning of this prompt in its cache"],
];

/** Where metrics are read when the server has them elsewhere than at /metrics. */
function metricsPlugins(server: ServerPlan): EndpointPickerConfig["plugins"] {
  if (server.metricsPath === "/metrics") return [];
  return [
    { type: "metrics-data-source", parameters: { scheme: "http", path: server.metricsPath } },
    { type: "core-metrics-extractor" },
  ];
}

/** Picks a prefill and a decode server for each request, by llm-d's label of their role. */
const ROLE_PLUGINS: EndpointPickerConfig["plugins"] = [
  commented(
    { type: "always-disagg-pd-decider" },
    { type: "every prompt goes to a prefill server, as in the measurement" },
  ),
  commented({ type: "disagg-headers-handler" }, { type: "tells the decode server's proxy which prefill server it is" }),
  { type: "prefill-filter" },
  { type: "decode-filter" },
  { type: "disagg-profile-handler", parameters: { deciders: { prefill: "always-disagg-pd-decider" } } },
];

function roleProfiles(): EndpointPickerConfig["schedulingProfiles"] {
  return ["prefill", "decode"].map((name) => ({
    name,
    plugins: [
      { pluginRef: `${name}-filter` },
      ...SCORERS.map(([pluginRef, weight, why]) => commented({ pluginRef, weight }, { pluginRef: why })),
    ],
  }));
}

/**
 * The picker's configuration as text: three scorers, the pod with the highest sum gets the request.
 * @param disaggregated whether a prefill and a decode server are picked for each
 */
export function pickerConfig(server: ServerPlan, disaggregated: boolean): string {
  const config: EndpointPickerConfig = {
    apiVersion: "llm-d.ai/v1alpha1",
    kind: "EndpointPickerConfig",
    plugins: [
      ...SCORERS.map(([type]) => ({ type })),
      ...(disaggregated ? ROLE_PLUGINS : []),
      ...metricsPlugins(server),
    ],
    schedulingProfiles: disaggregated
      ? roleProfiles()
      : [
          {
            name: "default",
            plugins: SCORERS.map(([pluginRef, weight, why]) => commented({ pluginRef, weight }, { pluginRef: why })),
          },
        ],
  };
  return yamlText(
    commented(config, {
      schedulingProfiles: disaggregated
        ? "weights of llm-d's own default: those of the measurement's router are not recorded"
        : "weights of llm-d's own default: the measurement had no router, so none are derived from it",
    }),
  );
}
