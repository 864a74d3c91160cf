import { describe, expect, test } from "vitest";
import {
  AUTOSCALERS,
  CONTEXTS,
  DEVICE_ACCESSES,
  GATEWAYS,
  type ManifestOptions,
  METRICS_SOURCES,
  MONITORINGS,
  STORAGES,
} from "../../../lib/manifests/options/manifest-options";
import { PLATFORM_IDS } from "../../../lib/manifests/platforms/all";
import { objectsIn, yamlOf } from "./read-bundle";
import { WHOLE } from "./whole-choices";

const DIMENSIONS: readonly (readonly [keyof ManifestOptions, readonly unknown[]])[] = [
  ["platform", PLATFORM_IDS],
  ["deviceAccess", DEVICE_ACCESSES],
  ["autoscaler", AUTOSCALERS],
  ["metrics", METRICS_SOURCES],
  ["gateway", GATEWAYS],
  ["storage", STORAGES],
  ["monitoring", MONITORINGS],
  ["benchmarkJob", [false, true]],
  ["networkPolicy", [false, true]],
  ["context", CONTEXTS],
  ["answerParsers", [false, true]],
  ["inferenceObjective", [false, true]],
];

/**
 * Whole outputs, each read line by line by a person before it was recorded. A difference here is a change of what users
 * apply: read it as one, then record it with `npx vitest run --project unit test/unit/manifests/whole.test.ts -u`.
 */
describe("a whole bundle", () => {
  test.each(WHOLE)("is as it was read: $name", async ({ name, choice }) => {
    await expect(yamlOf(choice)).toMatchFileSnapshot(`./whole/${name}.yaml`);
  });

  test.each(DIMENSIONS)("is among them for each value of %s", (option, values) => {
    expect(new Set(WHOLE.map(({ choice }) => choice.options[option]))).toEqual(new Set(values));
  });

  test("is among them for each server and accelerator's runtime, and for every kind of object", () => {
    const runtimes = WHOLE.map(
      ({ choice }) => `${choice.configuration.server} ${choice.accelerator.kubernetesResource}`,
    );
    expect([...new Set(runtimes)].sort()).toEqual([
      "sglang nvidia.com/gpu",
      "trtllm nvidia.com/gpu",
      "vllm amd.com/gpu",
      "vllm aws.amazon.com/neuron",
      "vllm cpu",
      "vllm google.com/tpu",
      "vllm gpu.intel.com/xe",
      "vllm habana.ai/gaudi",
      "vllm nvidia.com/gpu",
    ]);
    const objects = WHOLE.flatMap(({ choice }) => objectsIn(yamlOf(choice)) as { kind: string }[]);
    expect([...new Set(objects.map((object) => object.kind))].sort()).toEqual([
      "ClientTrafficPolicy",
      "ComputeClass",
      "ConfigMap",
      "Deployment",
      "DestinationRule",
      "EC2NodeClass",
      "GCPBackendPolicy",
      "Gateway",
      "HTTPRoute",
      "HealthCheckPolicy",
      "HorizontalPodAutoscaler",
      "InferenceObjective",
      "InferencePool",
      "Job",
      "LeaderWorkerSet",
      "NetworkPolicy",
      "NodePool",
      "PersistentVolume",
      "PersistentVolumeClaim",
      "PodDisruptionBudget",
      "PodMonitor",
      "PodMonitoring",
      "PrometheusRule",
      "ResourceClaimTemplate",
      "Role",
      "RoleBinding",
      "Rules",
      "ScaledObject",
      "Secret",
      "Service",
      "ServiceAccount",
      "TriggerAuthentication",
    ]);
  });
});
