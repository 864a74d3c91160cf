import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Slo } from "../../../lib/domain";
import { promString } from "../../../lib/manifests/monitoring/promql";
import { METRICS, STATISTICS } from "../../../lib/measurement/latency";
import { type ChoiceParts, choice, meanOnly } from "./choice";
import { at, fileIn, type Json, notesOf, objectOfKind, objectsIn, yamlOf } from "./read-bundle";

const TARGETS: Slo[] = [
  { metric: "ttft", statistic: "p95", limitMs: 500 },
  { metric: "tpot", statistic: "mean", limitMs: 30 },
];

function watched(parts: ChoiceParts & { slos?: Slo[] } = {}, monitoring: "prometheus-operator" | "gmp" = "gmp") {
  const platform = monitoring === "gmp" ? "gke" : "generic";
  return choice({
    ...parts,
    options: { platform, monitoring, ...parts.options },
    choice: { slos: parts.slos ?? TARGETS, ...parts.choice },
  });
}

function alerts(yaml: string, kind: "Rules" | "PrometheusRule" = "Rules"): Map<string, Json> {
  const rules = at(objectOfKind(yaml, kind), "spec", "groups", 0, "rules");
  if (!Array.isArray(rules)) throw new Error("no rules");
  return new Map(rules.map((rule) => [String(at(rule, "alert")), rule]));
}

function panels(yaml: string): Map<string, Json> {
  const name = String(at(objectOfKind(yaml, "Deployment"), "metadata", "name"));
  const dashboard = JSON.parse(fileIn(yaml, "-dash", `${name}.json`)) as Json;
  const list = at(dashboard, "panels");
  if (!Array.isArray(list)) throw new Error("no panels");
  return new Map(list.map((panel) => [String(at(panel, "title")), panel]));
}

function expressions(panel: Json | undefined): string[] {
  const targets = at(panel, "targets");
  return Array.isArray(targets) ? targets.map((target) => String(at(target, "expr"))) : [];
}

describe("alerts", () => {
  test("stand at exactly the targets that were chosen, in seconds", () => {
    const rules = alerts(yamlOf(watched()));
    expect([...rules.keys()]).toEqual([
      "InferenceTtftP95AboveTarget",
      "InferenceTpotMeanAboveTarget",
      "InferenceQueueGrowing",
      "InferenceKvCacheFull",
      "InferenceNoPodsReady",
    ]);
    const percentile = String(at(rules.get("InferenceTtftP95AboveTarget"), "expr"));
    expect(percentile).toMatch(
      /^histogram_quantile\(0\.95, sum by \(le\) \(rate\(vllm:time_to_first_token_seconds_bucket\{.+\}\[5m\]\)\)\) > 0\.5$/,
    );
    const mean = String(at(rules.get("InferenceTpotMeanAboveTarget"), "expr"));
    expect(mean).toMatch(/^sum\(rate\(vllm:request_time_per_output_token_seconds_sum\{.+\}\[5m\]\)\) \/ sum\(rate\(/);
    expect(mean).toMatch(/_count\{.+ > 0\.03$/);
  });

  test("use the quantile of each statistic", () => {
    const quantile = (statistic: "p50" | "p90" | "p95" | "p99") => {
      const rules = alerts(yamlOf(watched({ slos: [{ metric: "e2e", statistic, limitMs: 1234.5 }] })));
      return String(at([...rules.values()][0], "expr"));
    };
    expect(quantile("p50")).toContain("histogram_quantile(0.5,");
    expect(quantile("p90")).toContain("histogram_quantile(0.9,");
    expect(quantile("p99")).toMatch(/histogram_quantile\(0\.99,.*e2e_request_latency_seconds_bucket.* > 1\.2345$/);
  });

  test("are the same rules for both kinds of Prometheus", () => {
    const inside = (yaml: string, kind: "Rules" | "PrometheusRule") => at(objectOfKind(yaml, kind), "spec");
    expect(inside(yamlOf(watched({}, "prometheus-operator")), "PrometheusRule")).toEqual(
      inside(yamlOf(watched()), "Rules"),
    );
  });

  test("say what to look at, and the value that was predicted", () => {
    const rule = alerts(yamlOf(watched({ options: { namespace: "llm" } }))).get("InferenceTpotMeanAboveTarget");
    expect(at(rule, "annotations", "description")).toContain("in the source at the operating point: 28 ms");
    expect(at(rule, "annotations", "runbook")).toContain("kubectl -n llm get pods");
    expect(yamlOf(watched())).toContain("# the target TPOT mean ≤ 30 ms, in seconds; in the source: 28 ms");
  });

  test("are left out, with a note, for what the server does not export", () => {
    const ntpot = watched({ slos: [{ metric: "ntpot", statistic: "mean", limitMs: 30 }] });
    expect(alerts(yamlOf(ntpot)).size).toBe(3);
    expect(notesOf(ntpot)).toContain("The target NTPOT mean ≤ 30 ms has no alert and no panel: vLLM exports");
    const itl = alerts(yamlOf(watched({ slos: [{ metric: "itl", statistic: "p99", limitMs: 80 }] })));
    expect(at(itl.get("InferenceItlP99AboveTarget"), "expr")).toContain("vllm:inter_token_latency_seconds_bucket");
  });

  test("ask for the metrics of the server that runs, and never one latency for another", () => {
    const sglang = watched({ configuration: { server: "sglang", serverVersion: "0.5.13.post1" } });
    const rules = alerts(yamlOf(sglang));
    expect(at(rules.get("InferenceTtftP95AboveTarget"), "expr")).toContain("sglang:time_to_first_token_seconds_bucket");
    expect(rules.has("InferenceTpotMeanAboveTarget")).toBe(false);
    expect(notesOf(sglang)).toContain("The target TPOT mean ≤ 30 ms has no alert and no panel: SGLang exports");
    const trtllm = watched({ configuration: { server: "trtllm", serverVersion: "1.3.0rc18" } });
    expect(at(alerts(yamlOf(trtllm)).get("InferenceQueueGrowing"), "expr")).toContain("trtllm_num_requests_waiting");
    const path = at(objectOfKind(yamlOf(trtllm), "PodMonitoring"), "spec", "endpoints", 0, "path");
    expect(path).toBe("/prometheus/metrics");
  });

  test("are one for each statistic, at the strictest of several limits", () => {
    const twice: Slo[] = [
      { metric: "ttft", statistic: "p95", limitMs: 900 },
      { metric: "ttft", statistic: "p95", limitMs: 400 },
    ];
    const rules = alerts(yamlOf(watched({ slos: twice })));
    expect(rules.size).toBe(4);
    expect(at(rules.get("InferenceTtftP95AboveTarget"), "expr")).toMatch(/> 0\.4$/);
  });

  test("read a model's name as text: no template, no label, no query is broken by it", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.constantFrom('a"} or up{', "{{ .Labels }}", "$x\\")),
        (name) => {
          const yaml = yamlOf(watched({ configuration: { model: `org/${name}` } }));
          for (const rule of alerts(yaml).values()) {
            const query = String(at(rule, "expr"));
            expect(query).not.toContain(`org/`);
            const text = String(at(rule, "annotations", "description"));
            for (const action of text.match(/\{\{.*?\}\}/g) ?? []) expect(action).toMatch(/^\{\{ (?:\$value|"\{\{")/);
          }
          expect(panels(yaml).size).toBeGreaterThan(4);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("quote label values as Prometheus reads them", () => {
    expect(promString('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"');
  });
});

describe("the dashboard", () => {
  test("shows each target with its limit and its prediction as constant lines", () => {
    const shown = panels(yamlOf(watched()));
    const lines = expressions(shown.get("TPOT mean ≤ 30 ms"));
    expect(lines.slice(1)).toEqual(["vector(0.03)", "vector(0.028)"]);
    expect(`${lines[0]} > 0.03`).toBe(at(alerts(yamlOf(watched())).get("InferenceTpotMeanAboveTarget"), "expr"));
  });

  test("shows what was predicted without a target, and invents no prediction", () => {
    const shown = panels(yamlOf(watched({ slos: [], operatingPoint: { e2eMs: meanOnly(29_000) } })));
    expect(expressions(shown.get("E2E mean"))).toContain("vector(29)");
    expect(expressions(shown.get("TTFT mean"))).toHaveLength(2);
    const unmeasured = panels(yamlOf(watched({ slos: TARGETS.slice(0, 1) })));
    expect(expressions(unmeasured.get("TTFT p95 ≤ 500 ms")).slice(1)).toEqual(["vector(0.5)"]);
  });

  test("draws the load of a pod at the operating point, and where the autoscaler acts", () => {
    const shown = panels(yamlOf(watched()));
    expect(expressions(shown.get("Requests running, by pod")).slice(1)).toEqual(["vector(64)", "vector(46)"]);
    expect(expressions(shown.get("Output tokens/s, by pod"))[1]).toBe("vector(2150)");
    const queue = panels(yamlOf(watched({ options: { signal: "queue" } })));
    expect(expressions(queue.get("Requests waiting, by pod"))[1]).toBe("vector(5)");
  });

  test("divides by the replicas that were measured together", () => {
    const routed = watched({
      configuration: { acceleratorCount: 8, nodes: null },
      parallelism: { label: "4x(tp2)", tensor: 2, pipeline: null, data: null, expert: null },
    });
    expect(expressions(panels(yamlOf(routed)).get("Output tokens/s, by pod"))[1]).toBe("vector(537.5)");
  });

  test("is found by Grafana's sidecar and has an address of at most 40 characters", () => {
    const yaml = yamlOf(watched({}, "prometheus-operator"));
    const map = objectOfKind(yaml, "ConfigMap");
    expect(at(map, "metadata", "labels", "grafana_dashboard")).toBe("1");
    const data = Object.values(at(map, "data") as Record<string, string>);
    expect(String(at(JSON.parse(data[0] ?? "") as Json, "uid")).length).toBeLessThanOrEqual(40);
  });

  test("is JSON for every target there can be", () => {
    for (const metric of METRICS) {
      for (const statistic of STATISTICS) {
        expect(panels(yamlOf(watched({ slos: [{ metric, statistic, limitMs: 0.1 + 0.2 }] }))).size).toBeGreaterThan(4);
      }
    }
  });
});

describe("collection", () => {
  test("reads the named port and keeps the instance as a label, whatever collects", () => {
    const monitor = objectOfKind(yamlOf(watched({}, "prometheus-operator")), "PodMonitor");
    expect(at(monitor, "spec", "podMetricsEndpoints", 0)).toEqual({ port: "http", path: "/metrics", interval: "15s" });
    expect(at(monitor, "spec", "podTargetLabels")).toEqual(["app.kubernetes.io/instance"]);
    expect(at(monitor, "metadata", "labels", "release")).toBe("kube-prometheus-stack");
    const google = objectOfKind(yamlOf(watched()), "PodMonitoring");
    expect(at(google, "spec", "targetLabels", "fromPod")).toEqual([
      { from: "app.kubernetes.io/instance", to: "app_kubernetes_io_instance" },
    ]);
  });

  test("reads each pod once: no annotations for another collector beside a PodMonitor", () => {
    const annotations = (one: ReturnType<typeof choice>) =>
      at(objectOfKind(yamlOf(one), "Deployment"), "spec", "template", "metadata", "annotations");
    expect(annotations(watched({}, "prometheus-operator"))).toBeUndefined();
    expect(annotations(choice())).toMatchObject({ "prometheus.io/scrape": "true" });
  });

  test("is nothing where none was asked for", () => {
    const kinds = objectsIn(yamlOf(choice())).map((object) => at(object, "kind"));
    expect(kinds).not.toContain("PodMonitor");
    expect(kinds).not.toContain("ConfigMap");
  });
});
