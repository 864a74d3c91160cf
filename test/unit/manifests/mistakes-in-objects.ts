import { parse } from "yaml";
import { fields, list, type Mistake, put, remove, strings } from "./mistakes";
import { at, type Json } from "./read-bundle";

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const REQUEST = ["spec", "spec", "devices", "requests", 0] as const;
const PICKER_FILE = "plugins.yaml";

function devices(object: Json): Json[] {
  return list(at(object, "spec", "spec", "devices", "requests")).flatMap((request) => [
    ...list(at(request, "firstAvailable")),
    ...[at(request, "exactly")].flatMap((one) => one ?? []),
  ]);
}

/** Configuration of llm-d's picker in a ConfigMap; `undefined` in others. */
function picker(object: Json): Json | undefined {
  const text = at(object, "data", PICKER_FILE);
  return typeof text === "string" ? (parse(text) as Json) : undefined;
}

/** Where values are words and numbers may not be: labels, selectors, annotations. */
const MAPS_OF_STRINGS = /\.(?:labels|matchLabels|annotations|nodeSelector)\.|^\.spec\.selector\.[^.]+$/;

function leaves(json: Json | undefined, path = ""): [path: string, value: Json][] {
  if (Array.isArray(json)) return json.flatMap((item, index) => leaves(item, `${path}.${index}`));
  const inside = fields(json);
  if (inside.length > 0) return inside.flatMap(([key, value]) => leaves(value, `${path}.${key}`));
  return json === undefined ? [] : [[path, json]];
}

/** Mistakes in everything that runs no pods of its own. */
export const OBJECT_MISTAKES: readonly Mistake[] = [
  {
    name: "a variable nobody replaced",
    kind: "*",
    // Files and commands are for shells, which replace their own.
    has: (object) =>
      strings(object).some(([path, text]) => /\$\{\w+\}/.test(text) && !/^\.data\.|\.command\./.test(path)),
    make: (object) => put(object, ["metadata", "name"], "$" + "{MACHINE_TYPE}"),
  },
  {
    name: "a label, selector or annotation that YAML 1.1 does not read as text",
    kind: "*",
    has: (object) => leaves(object).some(([path, value]) => MAPS_OF_STRINGS.test(path) && typeof value !== "string"),
    make: (object) => put(object, ["metadata", "labels"], { app: true }),
  },
  {
    name: "a count that is text",
    kind: "ComputeClass",
    has: (object) =>
      list(at(object, "spec", "priorities")).some((priority) => {
        const count = at(priority, "gpu", "count") ?? at(priority, "tpu", "count");
        return !Number.isInteger(count);
      }),
    make: (object) => put(object, ["spec", "priorities", 0, "tpu", "count"], "4"),
  },
  {
    name: "a machine type beside a machine family",
    kind: "ComputeClass",
    has: (object) =>
      list(at(object, "spec", "priorities")).some(
        (priority) => at(priority, "machineType") !== undefined && at(priority, "machineFamily") !== undefined,
      ),
    make: (object) =>
      put(object, ["spec", "priorities"], [{ machineType: "a3-highgpu-8g", machineFamily: "a3", tpu: { count: 1 } }]),
  },
  {
    name: "an answer to no machines that it does not know",
    kind: "ComputeClass",
    has: (object) => !/^(?:ScaleUpAnyway|DoNotScaleUp)$/.test(String(at(object, "spec", "whenUnsatisfiable"))),
    make: (object) => put(object, ["spec", "whenUnsatisfiable"], "Wait"),
  },
  {
    name: "fields of v1beta1 on the request itself",
    kind: "ResourceClaimTemplate",
    has: (object) => at(object, ...REQUEST, "deviceClassName") !== undefined,
    make: (object) => put(object, [...REQUEST, "deviceClassName"], "gpu.nvidia.com"),
  },
  {
    name: "both or neither of exactly and firstAvailable",
    kind: "ResourceClaimTemplate",
    has: (object) =>
      list(at(object, "spec", "spec", "devices", "requests")).some(
        (request) => (at(request, "exactly") === undefined) === (at(request, "firstAvailable") === undefined),
      ),
    make: (object) => put(object, [...REQUEST], { name: "gpu" }),
  },
  {
    name: "an allocation mode that is none",
    kind: "ResourceClaimTemplate",
    has: (object) => devices(object).some((one) => !/^(?:ExactCount|All)$/.test(String(at(one, "allocationMode")))),
    make: (object) => put(object, [...REQUEST, "exactly"], { allocationMode: "Every" }),
  },
  {
    name: "a selector of v1alpha2, without matchLabels",
    kind: "InferencePool",
    has: (object) => fields(at(object, "spec", "selector")).some(([field]) => field !== "matchLabels"),
    make: (object) => put(object, ["spec", "selector"], { app: "vllm" }),
  },
  {
    name: "targetPortNumber or extensionRef, which v1 does not have",
    kind: "InferencePool",
    has: (object) => fields(at(object, "spec")).some(([field]) => /^(?:targetPortNumber|extensionRef)$/.test(field)),
    make: (object) => put(object, ["spec", "targetPortNumber"], 8000),
  },
  {
    name: "a target port twice, or none",
    kind: "InferencePool",
    has: (object) => {
      const ports = list(at(object, "spec", "targetPorts")).map((port) => at(port, "number"));
      return ports.length === 0 || new Set(ports).size < ports.length;
    },
    make: (object) => put(object, ["spec", "targetPorts"], [{ number: 8000 }, { number: 8000 }]),
  },
  {
    name: "a picker without the port of its Service",
    kind: "InferencePool",
    has: (object) => typeof at(object, "spec", "endpointPickerRef", "port", "number") !== "number",
    make: (object) => remove(object, ["spec", "endpointPickerRef", "port"]),
  },
  {
    name: "a version that no cluster serves",
    kind: "InferenceObjective",
    has: (object) => at(object, "apiVersion") !== "llm-d.ai/v1alpha2",
    make: (object) => put(object, ["apiVersion"], "inference.networking.x-k8s.io/v1"),
  },
  {
    name: "a minimum above the maximum",
    kind: "HorizontalPodAutoscaler",
    has: (object) => Number(at(object, "spec", "minReplicas")) > Number(at(object, "spec", "maxReplicas")),
    make: (object) => put(object, ["spec", "minReplicas"], 999),
  },
  {
    name: "a utilisation as the target of a metric of pods",
    kind: "HorizontalPodAutoscaler",
    has: (object) =>
      list(at(object, "spec", "metrics")).some((one) => at(one, "pods", "target", "type") !== "AverageValue"),
    make: (object) => put(object, ["spec", "metrics", 0, "pods", "target"], { type: "Utilization" }),
  },
  {
    name: "a threshold that is a number",
    kind: "ScaledObject",
    has: (object) =>
      list(at(object, "spec", "triggers")).some((trigger) =>
        fields(at(trigger, "metadata")).some(([, value]) => typeof value !== "string"),
      ),
    make: (object) => put(object, ["spec", "triggers", 0, "metadata", "threshold"], 5),
  },
  {
    name: "a timeout longer than its interval",
    kind: "HealthCheckPolicy",
    has: (object) =>
      Number(at(object, "spec", "default", "timeoutSec")) >
      Number(at(object, "spec", "default", "checkIntervalSec") ?? 5),
    make: (object) => put(object, ["spec", "default", "timeoutSec"], 15),
  },
  {
    name: "a port number that is not said to be fixed",
    kind: "HealthCheckPolicy",
    has: (object) => {
      const check = at(object, "spec", "default", "config", "httpHealthCheck");
      return at(check, "port") !== undefined && at(check, "portSpecification") !== "USE_FIXED_PORT";
    },
    make: (object) =>
      put(object, ["spec", "default", "config", "httpHealthCheck", "portSpecification"], "USE_NAMED_PORT"),
  },
  {
    name: "an interval without its unit",
    kind: "PodMonitoring",
    has: (object) =>
      list(at(object, "spec", "endpoints")).some((endpoint) => !/^\d+s$/.test(String(at(endpoint, "interval")))),
    make: (object) => put(object, ["spec", "endpoints", 0, "interval"], 15),
  },
  {
    name: "a name that is no DNS label",
    kind: "Service",
    has: (object) => !DNS_LABEL.test(String(at(object, "metadata", "name"))),
    make: (object) => put(object, ["metadata", "name"], "vllm_svc"),
  },
  {
    name: "several ports of which one has no name",
    kind: "Service",
    has: (object) => {
      const ports = list(at(object, "spec", "ports"));
      return ports.length > 1 && ports.some((port) => typeof at(port, "name") !== "string");
    },
    make: (object) => put(object, ["spec", "ports"], [{ port: 80 }, { port: 9090 }]),
  },
  {
    name: "both or neither of minAvailable and maxUnavailable",
    kind: "PodDisruptionBudget",
    has: (object) =>
      (at(object, "spec", "minAvailable") === undefined) === (at(object, "spec", "maxUnavailable") === undefined),
    make: (object) => put(object, ["spec", "minAvailable"], 1),
  },
  {
    name: "a size that is text",
    kind: "LeaderWorkerSet",
    has: (object) => !Number.isInteger(at(object, "spec", "leaderWorkerTemplate", "size")),
    make: (object) => put(object, ["spec", "leaderWorkerTemplate", "size"], "2"),
  },
  {
    name: "a restart policy that is none",
    kind: "LeaderWorkerSet",
    has: (object) =>
      !/^(?:RecreateGroupOnPodRestart|RecreateGroupAfterStart|None)$/.test(
        String(at(object, "spec", "leaderWorkerTemplate", "restartPolicy")),
      ),
    make: (object) => put(object, ["spec", "leaderWorkerTemplate", "restartPolicy"], "RecreateGroup"),
  },
  {
    name: "a profile of the picker that names a plugin it has not",
    kind: "ConfigMap",
    has: (object) => {
      const plugins = list(at(picker(object), "plugins")).map((plugin) => at(plugin, "name") ?? at(plugin, "type"));
      const profiles = list(at(picker(object), "schedulingProfiles"));
      const named = profiles.flatMap((profile) => list(at(profile, "plugins")).map((one) => at(one, "pluginRef")));
      return named.some((name) => name === undefined || !plugins.includes(name));
    },
    make: (object) =>
      put(object, ["data", PICKER_FILE], "plugins: []\nschedulingProfiles: [{plugins: [{pluginRef: queue-scorer}]}]\n"),
  },
  {
    name: "a field the picker does not know, which stops it at its start",
    kind: "ConfigMap",
    has: (object) =>
      list(at(picker(object), "schedulingProfiles")).some(
        (profile) =>
          fields(profile).some(([field]) => !/^(?:name|plugins)$/.test(field)) ||
          list(at(profile, "plugins")).some((one) =>
            fields(one).some(([field]) => !/^(?:pluginRef|weight)$/.test(field)),
          ),
      ),
    make: (object) =>
      put(object, ["data", PICKER_FILE], "schedulingProfiles: [{name: default, plugins: [], wieght: 1}]\n"),
  },
];
