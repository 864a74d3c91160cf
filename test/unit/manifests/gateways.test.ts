import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { GatewayKind } from "../../../lib/manifests/options/manifest-options";
import { type ChoiceParts, choice, meanOnly, PLAN } from "./choice";
import { at, fileIn, type Json, notesOf, objectNamed, objectOfKind, objectsIn, yamlOf } from "./read-bundle";

const KINDS = ["gke", "istio", "agentgateway", "envoy-ai-gateway"] as const satisfies GatewayKind[];

function behind(gateway: GatewayKind, parts: ChoiceParts = {}) {
  return choice({
    ...parts,
    options: { platform: gateway === "gke" ? "gke" : "generic", gateway, inferenceObjective: true, ...parts.options },
  });
}

function kinds(yaml: string): Json[] {
  return objectsIn(yaml).map((object) => at(object, "kind") ?? null);
}

describe.each(KINDS)("behind %s", (gateway) => {
  const yaml = yamlOf(behind(gateway));
  const name = String(at(objectOfKind(yaml, "InferencePool"), "metadata", "name"));

  test("requests go from the Gateway by a route to the pool of exactly the server's pods", () => {
    expect(at(objectOfKind(yaml, "HTTPRoute"), "spec", "parentRefs", 0, "name")).toBe(
      at(objectOfKind(yaml, "Gateway"), "metadata", "name"),
    );
    expect(at(objectOfKind(yaml, "HTTPRoute"), "spec", "rules", 0, "backendRefs", 0)).toEqual({
      group: "inference.networking.k8s.io",
      kind: "InferencePool",
      name,
      weight: 1,
    });
    const pool = objectOfKind(yaml, "InferencePool");
    expect(at(pool, "spec", "selector", "matchLabels")).toEqual(
      at(objectNamed(yaml, "Deployment", name), "spec", "selector", "matchLabels"),
    );
    expect(at(pool, "spec", "targetPorts")).toEqual([{ number: 8000 }]);
    expect(at(pool, "spec", "endpointPickerRef", "name")).toBe(`${name}-epp`);
  });

  test("a picker with its rights scores queue, cache and prefix", () => {
    const config = parse(fileIn(yaml, "-epp", "plugins.yaml")) as Json;
    expect(at(config, "kind")).toBe("EndpointPickerConfig");
    const weights = at(config, "schedulingProfiles", 0, "plugins");
    expect(weights).toEqual([
      { pluginRef: "queue-scorer", weight: 2 },
      { pluginRef: "kv-cache-utilization-scorer", weight: 2 },
      { pluginRef: "prefix-cache-scorer", weight: 3 },
    ]);
    const picker = objectNamed(yaml, "Deployment", "-epp");
    expect(at(picker, "spec", "replicas")).toBe(1);
    expect(at(picker, "spec", "strategy", "type")).toBe("Recreate");
    const pod = at(picker, "spec", "template", "spec");
    expect(at(pod, "serviceAccountName")).toBe(`${name}-epp`);
    expect(at(pod, "containers", 0, "args")).toContain(`--pool-name=${name}`);
    const account = at(objectOfKind(yaml, "RoleBinding"), "subjects", 0, "name");
    expect(account).toBe(at(objectOfKind(yaml, "ServiceAccount"), "metadata", "name"));
    expect(at(objectOfKind(yaml, "Role"), "rules")).toHaveLength(3);
  });

  test("pods say which server they run, and selectors stay as they were", () => {
    const server = objectsIn(yaml).find(
      (object) => at(object, "kind") === "Deployment" && at(object, "metadata", "name") === name,
    );
    expect(at(server, "spec", "template", "metadata", "labels", "llm-d.ai/engine-type")).toBe("vllm");
    expect(Object.keys(at(server, "spec", "selector", "matchLabels") as object)).toHaveLength(2);
  });

  test("says what the cluster needs, and that nobody is asked for a key", () => {
    expect(yaml).toContain("kubectl get crd inferencepools.inference.networking.k8s.io");
    expect(notesOf(behind(gateway))).toContain("asks for no key");
    expect(at(objectOfKind(yaml, "InferenceObjective"), "apiVersion")).toBe("llm-d.ai/v1alpha2");
    expect(yaml).toContain("kubectl get crd inferenceobjectives.llm-d.ai");
  });

  test("names stay in their limits and the namespace reaches everything that has one", () => {
    const inNamespace = objectsIn(yamlOf(behind(gateway, { options: { namespace: "llm" } })));
    for (const object of inNamespace) {
      expect(String(at(object, "metadata", "name")).length).toBeLessThanOrEqual(63);
      expect(at(object, "metadata", "namespace")).toBe("llm");
    }
  });
});

describe("what each gateway needs of its own", () => {
  test("GKE: health check and timeout at the pool, none in the route, inside the VPC", () => {
    const yaml = yamlOf(behind("gke", { operatingPoint: { e2eMs: meanOnly(200_000) } }));
    expect(at(objectOfKind(yaml, "Gateway"), "spec", "gatewayClassName")).toBe("gke-l7-rilb");
    expect(at(objectOfKind(yaml, "HTTPRoute"), "spec", "rules", 0, "timeouts")).toBeUndefined();
    expect(at(objectOfKind(yaml, "GCPBackendPolicy"), "spec", "default", "timeoutSec")).toBe(800);
    const check = at(objectOfKind(yaml, "HealthCheckPolicy"), "spec", "default");
    expect(at(check, "config", "httpHealthCheck")).toEqual({
      portSpecification: "USE_FIXED_PORT",
      port: 8000,
      requestPath: "/health",
    });
    expect(at(check, "timeoutSec")).toBeLessThanOrEqual(Number(at(check, "checkIntervalSec")));
  });

  test("Istio: its label, and trust in the picker's own certificate", () => {
    const yaml = yamlOf(behind("istio", { options: { namespace: "llm" } }));
    expect(at(objectOfKind(yaml, "Gateway"), "metadata", "labels", "istio.io/enable-inference-extproc")).toBe("true");
    const rule = objectOfKind(yaml, "DestinationRule");
    expect(at(rule, "spec", "host")).toMatch(/-epp\.llm\.svc\.cluster\.local$/);
    expect(at(rule, "spec", "trafficPolicy", "tls")).toEqual({ mode: "SIMPLE", insecureSkipVerify: true });
    expect(at(objectOfKind(yamlOf(behind("istio")), "DestinationRule"), "spec", "host")).toMatch(/-epp$/);
  });

  test("Envoy: room for whole prompts and time for whole answers", () => {
    const yaml = yamlOf(behind("envoy-ai-gateway"));
    expect(at(objectOfKind(yaml, "ClientTrafficPolicy"), "spec", "connection", "bufferLimit")).toBe("50Mi");
    expect(at(objectOfKind(yaml, "HTTPRoute"), "spec", "rules", 0, "timeouts", "request")).toBe("600s");
    expect(yaml).toContain('"kind":"GatewayClass"');
  });

  test("agentgateway: nothing more than its class", () => {
    const yaml = yamlOf(behind("agentgateway"));
    expect(at(objectOfKind(yaml, "Gateway"), "spec", "gatewayClassName")).toBe("agentgateway");
    expect(kinds(yaml)).not.toContain("DestinationRule");
  });
});

describe("the picker", () => {
  const cpu = (parts: ChoiceParts) =>
    at(
      objectNamed(yamlOf(behind("istio", parts)), "Deployment", "-epp"),
      ...["spec", "template", "spec", "containers", 0, "resources", "requests", "cpu"],
    );

  test("has CPU for the requests that come: half a core for each a second, within limits", () => {
    expect(cpu({ choice: { capacity: PLAN } })).toBe("6");
    expect(cpu({})).toBe("2");
    expect(cpu({ operatingPoint: { requestsPerSecond: null } })).toBe("4");
    expect(cpu({ operatingPoint: { requestsPerSecond: 500 } })).toBe("8");
  });

  test("reads metrics where the server has them", () => {
    const trtllm = yamlOf(behind("istio", { configuration: { server: "trtllm", serverVersion: "1.3.0rc18" } }));
    const config = parse(fileIn(trtllm, "-epp", "plugins.yaml")) as Json;
    expect(at(config, "plugins", 3)).toEqual({
      type: "metrics-data-source",
      parameters: { scheme: "http", path: "/prometheus/metrics" },
    });
  });

  test("is collected from by what collects from the servers", () => {
    expect(objectNamed(yamlOf(behind("gke")), "PodMonitoring", "-epp")).toBeDefined();
    const operator = yamlOf(behind("istio", { options: { monitoring: "prometheus-operator" } }));
    expect(at(objectNamed(operator, "PodMonitor", "-epp"), "spec", "podMetricsEndpoints", 0, "port")).toBe("metrics");
    expect(kinds(yamlOf(behind("istio")))).not.toContain("PodMonitor");
  });

  test("does not count as one of the server's pods, or the alert that none answers would never go off", () => {
    const operator = yamlOf(behind("istio", { options: { monitoring: "prometheus-operator" } }));
    expect(at(objectNamed(operator, "PodMonitor", "-epp"), "spec", "podTargetLabels")).toBeUndefined();
    expect(at(objectNamed(yamlOf(behind("gke")), "PodMonitoring", "-epp"), "spec", "targetLabels")).toBeUndefined();
  });
});
