import { describe, expect, test } from "vitest";
import type { AskedOptions, Signal } from "../../../lib/manifests/options/manifest-options";
import { type ChoiceParts, choice, PLAN } from "./choice";
import { at, notesOf, objectOfKind, objectsIn, refusalOf, yamlOf } from "./read-bundle";

const NO_LOAD: ChoiceParts = { operatingPoint: { loadKind: "max", loadValue: null } };

function keda(parts: ChoiceParts = {}, options: AskedOptions = {}) {
  return choice({ ...parts, options: { autoscaler: "keda", ...options } });
}

function trigger(parts: ChoiceParts = {}, options: AskedOptions = {}) {
  const scaled = objectOfKind(yamlOf(keda(parts, options)), "ScaledObject");
  const metadata = at(scaled, "spec", "triggers", 0, "metadata");
  return {
    query: String(at(metadata, "query")),
    threshold: at(metadata, "threshold"),
    address: at(metadata, "serverAddress"),
  };
}

function hpa(parts: ChoiceParts = {}, options: AskedOptions = {}) {
  const object = objectOfKind(yamlOf(choice({ ...parts, options })), "HorizontalPodAutoscaler");
  const pods = at(object, "spec", "metrics", 0, "pods");
  return { metric: at(pods, "metric", "name"), target: at(pods, "target", "averageValue") };
}

describe("the signal", () => {
  test("running acts before the requests in flight of a pod at the operating point: headroom and what an autoscaler ignores off", () => {
    expect(hpa({}, { signal: "running" })).toEqual({ metric: "vllm_num_requests_running", target: "46" });
    expect(trigger({}, { signal: "running" }).threshold).toBe("46");
    const yaml = yamlOf(choice({ options: { signal: "running" } })).replaceAll(/\n\s*#\s*/g, " ");
    expect(yaml).toContain("64 × (1 − 20% headroom) ÷ 1.1");
    expect(yaml).toContain("load may grow by 26.5% while a new pod starts, which takes up to 30 minutes");
  });

  test("kv-cache is a share of one engine, also where the adapter adds up those of a pod", () => {
    const eight = {
      configuration: { acceleratorCount: 8 },
      parallelism: { label: "tp1-dp8", tensor: 1, data: 8 },
    };
    expect(hpa(eight, { signal: "kv-cache", platform: "gke", metrics: "gmp" }).target).toBe("6.4");
    expect(hpa(eight, { signal: "kv-cache" }).target).toBe("0.8");
  });

  test("running is refused where nobody measured how many were in flight, and says what to choose", () => {
    const reason = refusalOf(choice({ ...NO_LOAD, options: { signal: "running" } }));
    expect(reason).toMatch(/not known.*choose queue, kv-cache or auto/);
    expect(refusalOf(keda(NO_LOAD, { signal: "running" }))).toBe(reason);
  });

  test("queue is a usual start value and says so, with what such a queue costs", () => {
    expect(hpa({}, { signal: "queue" })).toEqual({ metric: "vllm_num_requests_waiting", target: "5" });
    const yaml = yamlOf(choice({ options: { signal: "queue" } }));
    expect(yaml).toContain("usual start value, not a measured one");
    // 5 requests ÷ 2.1 requests/s
    expect(yaml.replace(/\n +# /g, " ")).toContain("the last of 5 waits about 2.38 s");
  });

  test("kv-cache is 0.8 with the reason", () => {
    expect(hpa({}, { signal: "kv-cache" })).toEqual({ metric: "vllm_kv_cache_usage_perc", target: "0.8" });
    expect(yamlOf(choice({ options: { signal: "kv-cache" } })).replace(/\n +# /g, " ")).toContain(
      "leaves a fifth for what arrives while a new pod loads the model",
    );
  });

  test("is read under the name the server gives it", () => {
    const sglang: ChoiceParts = { configuration: { server: "sglang", serverVersion: "0.5.13.post1" } };
    expect(trigger(sglang).query).toMatch(/^sum\(sglang:num_running_reqs\{/);
    expect(hpa(sglang, { signal: "kv-cache" }).metric).toBe("sglang_token_usage");
  });

  test("a share is averaged, a count is added up, by every source", () => {
    const rule = (signal: Signal) => yamlOf(choice({ options: { signal } }));
    expect(rule("kv-cache")).toContain("metricsQuery: 'avg(<<.Series>>");
    expect(rule("running")).toContain("metricsQuery: 'sum(<<.Series>>");
    expect(trigger({}, { signal: "kv-cache" }).query).toMatch(/^sum\(avg by \(pod\) \(vllm:kv_cache_usage_perc\{/);
    expect(trigger({}, { signal: "queue" }).query).toMatch(/^sum\(vllm:num_requests_waiting\{/);
  });
});

describe("KEDA", () => {
  test("scales what would otherwise have a HorizontalPodAutoscaler, between the bounds of the plan", () => {
    const yaml = yamlOf(keda({ choice: { capacity: PLAN } }));
    const kinds = objectsIn(yaml).map((object) => at(object, "kind"));
    expect(kinds).toContain("ScaledObject");
    expect(kinds).not.toContain("HorizontalPodAutoscaler");
    const spec = at(objectOfKind(yaml, "ScaledObject"), "spec");
    expect(at(spec, "minReplicaCount")).toBe(4);
    expect(at(spec, "maxReplicaCount")).toBe(8);
    const deployment = objectOfKind(yaml, "Deployment");
    expect(at(spec, "scaleTargetRef", "name")).toBe(at(deployment, "metadata", "name"));
    expect(at(deployment, "spec", "replicas")).toBeUndefined();
  });

  test("asks for the sum over this bundle's pods alone, because AverageValue divides by replicas", () => {
    const { query } = trigger();
    const name = at(objectOfKind(yamlOf(keda()), "Deployment"), "metadata", "name");
    expect(query).toBe(`sum(vllm:num_requests_running{app_kubernetes_io_instance="${name}"})`);
    expect(trigger({}, { namespace: "llm" }).query).toContain(',namespace="llm"}');
  });

  test("takes missing data for an error and keeps what runs", () => {
    const spec = at(objectOfKind(yamlOf(keda({ choice: { capacity: PLAN } })), "ScaledObject"), "spec");
    expect(at(spec, "triggers", 0, "metadata", "ignoreNullValues")).toBe("false");
    expect(at(spec, "triggers", 0, "metricType")).toBe("AverageValue");
    expect(at(spec, "fallback")).toEqual({ failureThreshold: 4, replicas: 4, behavior: "currentReplicasIfHigher" });
  });

  test("knows where Prometheus is usually found and asks to set it", () => {
    expect(trigger().address).toBe("http://prometheus-operated.monitoring.svc:9090");
    expect(yamlOf(keda())).toContain("# set it to your Prometheus");
    expect(trigger({}, { platform: "gke" }).address).toBe("http://frontend.monitoring.svc:9090");
    expect(yamlOf(keda({}, { platform: "gke" }))).toContain("kubectl -n monitoring get service frontend");
  });

  test("scales down as slowly as the HorizontalPodAutoscaler does", () => {
    const scaled = objectOfKind(yamlOf(keda()), "ScaledObject");
    const plain = objectOfKind(yamlOf(choice()), "HorizontalPodAutoscaler");
    expect(at(scaled, "spec", "advanced", "horizontalPodAutoscalerConfig", "behavior")).toEqual(
      at(plain, "spec", "behavior"),
    );
  });
});

describe("what the autoscaler reads", () => {
  test("is collected even where no monitoring was asked for", () => {
    const yaml = yamlOf(choice({ options: { platform: "gke", monitoring: "none" } }));
    expect(objectsIn(yaml).map((object) => at(object, "kind"))).toContain("PodMonitoring");
    const both = objectsIn(yamlOf(choice({ options: { platform: "gke", monitoring: "gmp" } })));
    expect(both.filter((object) => at(object, "kind") === "PodMonitoring")).toHaveLength(1);
  });

  test("has a note where nothing here collects it", () => {
    const note = /nothing here makes one collect/;
    expect(notesOf(keda({}, { platform: "gke", monitoring: "none" }))).toMatch(note);
    expect(notesOf(keda({}, { platform: "gke" }))).not.toMatch(note);
    expect(notesOf(keda())).not.toMatch(note);
    expect(notesOf(keda({}, { monitoring: "prometheus-operator" }))).not.toMatch(note);
  });
});
