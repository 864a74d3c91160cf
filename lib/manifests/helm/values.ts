import { CONFIG_FILE, PICKER_IMAGE, PICKER_MEMORY, pickerCores } from "../gateways/endpoint-picker";
import { pickerFailure, requestTimeout } from "../gateways/objects";
import { pickerConfig } from "../gateways/picker-config";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import type { ChartParts } from "./chart";

/** Values of llm-d-router-gateway v0.10.0, as far as they are set here; the chart has no schema that would refuse others. */
export interface RouterValues {
  router: {
    modelServers: {
      type: string;
      protocol: "http";
      targetPorts: { number: number }[];
      matchLabels: Record<string, string>;
    };
    epp: {
      image: { tag: string; pullPolicy: "IfNotPresent" };
      resources: { requests: { cpu: string; memory: string }; limits: { memory: string } };
      pluginsConfigFile: string;
      pluginsCustomConfig: Record<string, string>;
    };
    inferencePool: { failureMode: "FailOpen" | "FailClose" };
    monitoring: { prometheus: { enabled: boolean; auth: { enabled: boolean } } };
  };
  provider: { name: string };
  httpRoute: { create: boolean; inferenceGatewayName?: string; requestTimeout?: string };
}

/** The same pool and picker the plain manifest has, as values of llm-d's chart. */
export function routerValues(context: BundleContext, parts: ChartParts): RouterValues {
  const { server, reach, identity, prefill } = context;
  const cpu = pickerCores(context);
  const timeout = requestTimeout(context);
  const failure = pickerFailure(server);
  return {
    router: commented(
      {
        modelServers: commented(
          {
            type: server.engineType,
            protocol: "http",
            targetPorts: [{ number: server.port }],
            matchLabels: reach.picker,
          },
          { matchLabels: "the servers' pods, which the objects beside this file run" },
        ),
        epp: commented(
          {
            image: { tag: PICKER_IMAGE.tag, pullPolicy: "IfNotPresent" },
            resources: {
              requests: commented({ cpu: String(cpu.value), memory: PICKER_MEMORY.request }, { cpu: cpu.reason }),
              limits: { memory: PICKER_MEMORY.limit },
            },
            pluginsConfigFile: CONFIG_FILE,
            pluginsCustomConfig: { [CONFIG_FILE]: pickerConfig(server, prefill !== null) },
          },
          {
            image: "the release the configuration below was written for",
            pluginsConfigFile: "the file below instead of the chart's own",
          },
        ),
        inferencePool: { failureMode: failure.mode },
        monitoring: { prometheus: { enabled: false, auth: { enabled: false } } },
      },
      {
        inferencePool: failure.reason,
        monitoring:
          "what collects the picker's metrics lies beside this file; metrics hold no secrets, with authentication the picker needs rights on the whole cluster",
      },
    ),
    provider: commented({ name: parts.provider }, { name: parts.why }),
    httpRoute: parts.route
      ? commented(
          { create: true, inferenceGatewayName: identity.name, requestTimeout: `${timeout.seconds}s` },
          { requestTimeout: timeout.reason },
        )
      : commented({ create: false }, { create: "the route lies beside this file" }),
  };
}
