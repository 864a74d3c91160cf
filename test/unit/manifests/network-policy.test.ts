import { describe, expect, test } from "vitest";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { choice } from "./choice";
import { at, type Json, notesOf, objectOfKind, yamlOf } from "./read-bundle";

function ingress(options: AskedOptions = {}): Json[] {
  const policy = objectOfKind(yamlOf(choice({ options: { networkPolicy: true, ...options } })), "NetworkPolicy");
  const rules = at(policy, "spec", "ingress");
  return Array.isArray(rules) ? rules : [];
}

function peers(options: AskedOptions = {}): string {
  return JSON.stringify(ingress(options).map((rule) => at(rule, "from") ?? null));
}

describe("the network policy", () => {
  test("covers the server's pods and lets the namespace in, on the server's port alone", () => {
    const yaml = yamlOf(choice({ options: { networkPolicy: true } }));
    const policy = objectOfKind(yaml, "NetworkPolicy");
    expect(at(policy, "spec", "podSelector", "matchLabels")).toEqual(
      at(objectOfKind(yaml, "Deployment"), "spec", "selector", "matchLabels"),
    );
    expect(at(policy, "spec", "policyTypes")).toEqual(["Ingress"]);
    const [first] = ingress();
    expect(first).toEqual({ from: [{ podSelector: {} }], ports: [{ port: "http", protocol: "TCP" }] });
    for (const rule of ingress({ platform: "gke", gateway: "gke" })) expect(at(rule, "ports")).toBeDefined();
  });

  test("lets in what collects metrics, where it runs", () => {
    expect(peers({ platform: "gke" })).toContain('"gmp-system","gke-gmp-system"');
    expect(peers({ monitoring: "prometheus-operator" })).toContain('"monitoring"');
    expect(peers({ autoscaler: "none" })).not.toContain("monitoring");
    expect(peers({ autoscaler: "keda" })).toContain('"monitoring"');
    // prometheus-adapter asks a Prometheus of one's own, also where Google's collects
    expect(peers({ platform: "gke", autoscaler: "hpa", metrics: "prometheus-adapter" })).toContain('["monitoring"]');
    expect(peers({ platform: "gke", autoscaler: "keda" })).not.toContain('["monitoring"]');
  });

  test("lets in Google's health checks, and says what range is still missing", () => {
    const options: AskedOptions = { platform: "gke", gateway: "gke" };
    expect(peers(options)).toContain('{"ipBlock":{"cidr":"130.211.0.0/22"}},{"ipBlock":{"cidr":"35.191.0.0/16"}}');
    expect(notesOf(choice({ options: { networkPolicy: true, ...options } }))).toMatch(/proxy-only subnet.*patch/);
    expect(peers({ platform: "gke" })).not.toContain("ipBlock");
  });

  test("lets in Envoy's proxies from their own namespace; others run beside their Gateway", () => {
    expect(peers({ gateway: "envoy-ai-gateway" })).toContain("envoy-gateway-system");
    expect(ingress({ gateway: "istio", autoscaler: "none" })).toHaveLength(1);
  });
});
