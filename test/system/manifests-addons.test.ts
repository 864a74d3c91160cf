import { describe, expect, test } from "vitest";
import type { Slo } from "../../lib/domain";
import { routerRelease } from "../../lib/manifests/helm/release";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import {
  type AskedOptions,
  AUTOSCALERS,
  GATEWAYS,
  MONITORINGS,
  SIGNALS,
} from "../../lib/manifests/options/manifest-options";
import { optionConflicts } from "../../lib/manifests/options/option-conflicts";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { type ChoiceParts, choice, H100, PLAN } from "../unit/manifests/choice";
import { yamlOf } from "../unit/manifests/read-bundle";
import { hasValidator, validated } from "./validator";

const SECONDS = 1000;
/** What collects the metrics of the chart's picker finds no pods among the objects beside it. */
const BROUGHT_BY_CHART =
  /-epp \(monitoring|selects no pod template of this set|names no InferencePool |-epp: Pod\w+ selects no pod/;

const TARGETS: Slo[] = [
  { metric: "ttft", statistic: "p95", limitMs: 500 },
  { metric: "tpot", statistic: "mean", limitMs: 30 },
  { metric: "ntpot", statistic: "p50", limitMs: 40 },
];

/** Every autoscaler × signal × monitoring × gateway that can be, on both platforms; Job, policy and namespace by turns. */
function combinations(): AskedOptions[] {
  const all: AskedOptions[] = [];
  for (const platform of ["gke", "generic"] as const) {
    for (const autoscaler of AUTOSCALERS) {
      for (const signal of autoscaler === "none" ? (["auto"] as const) : SIGNALS) {
        for (const monitoring of MONITORINGS) {
          for (const gateway of GATEWAYS) {
            const turn = all.length;
            all.push({
              platform,
              autoscaler,
              signal,
              monitoring,
              gateway,
              benchmarkJob: turn % 2 === 0,
              networkPolicy: turn % 3 === 0,
              namespace: turn % 5 === 0 ? "llm" : null,
            });
          }
        }
      }
    }
  }
  return all.filter((asked) => optionConflicts(completeOptions(asked, H100), H100).length === 0);
}

/** Shapes of load and plan, and the servers, whose metrics and paths differ. */
const SHAPES: ChoiceParts[] = [
  { choice: { slos: TARGETS, capacity: PLAN } },
  {
    choice: { slos: [], shareUrl: null },
    configuration: { acceleratorCount: 8, nodes: null },
    parallelism: { label: "4x(tp2)", tensor: 2, pipeline: null, data: null, expert: null },
    operatingPoint: { loadKind: "request_rate", loadValue: 3.3 },
  },
  { configuration: { server: "sglang", serverVersion: "0.5.13.post1" }, choice: { slos: TARGETS } },
  { configuration: { server: "trtllm", serverVersion: "1.3.0rc18" }, choice: { slos: TARGETS } },
];

describe("what a Kubernetes API server would say of autoscalers, monitoring, gateways and benchmarks", () => {
  test(
    "accepts every combination there can be, on GKE and anywhere",
    () => {
      const asked = combinations();
      expect(asked.length).toBeGreaterThan(150);
      const texts = asked.flatMap((options) =>
        SHAPES.map((shape) => {
          const bundle = manifestBundle(choice({ ...shape, options }));
          if (!bundle.ok) throw new Error(`${JSON.stringify(options)}: ${bundle.error}`);
          return bundle.value.yaml;
        }),
      );
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    180 * SECONDS,
  );

  test(
    "accepts what lies beside llm-d's router chart, which lacks nothing but what the chart brings",
    () => {
      const texts = combinations()
        .filter(({ gateway }) => gateway !== "none")
        .map((options, index) => {
          const made = routerRelease(choice({ ...SHAPES[index % SHAPES.length], options }));
          if (!made.ok) throw new Error(`${JSON.stringify(options)}: ${made.error}`);
          return made.value.objects;
        });
      expect(texts.length).toBeGreaterThan(100);
      const { complaints, summary } = validated(texts);
      expect(complaints.filter((line) => !BROUGHT_BY_CHART.test(line))).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, /);
    },
    180 * SECONDS,
  );

  test.skipIf(!hasValidator)(
    "would notice a wrong field in each of them",
    () => {
      const yaml = yamlOf(
        choice({
          choice: { slos: TARGETS },
          options: { platform: "gke", autoscaler: "keda", gateway: "gke", benchmarkJob: true, networkPolicy: true },
        }),
      );
      const wrong: [RegExp | string, string, RegExp][] = [
        ["maxReplicaCount", "maxReplicas", /unknown field "maxReplicas"/],
        ["behavior: currentReplicasIfHigher", "behavior: keep", /is not one of/],
        ["- type: queue-scorer", "- type: queue-scorrer", /queue-scor/],
        ["portSpecification: USE_FIXED_PORT", "portSpecification: FIXED", /FIXED/],
        ["fromPod:", "fromPods:", /unknown field "fromPods"/],
        ["backoffLimit:", "backofLimit:", /unknown field "backofLimit"/],
        ["policyTypes:", "policyType:", /unknown field "policyType"/],
        ["targetPorts:\n    - number: 8000", "targetPorts:\n    - number: 8001", /8001/],
      ];
      const broken = wrong.map(([from, to]) => yaml.replace(from, to));
      for (const text of broken) expect(text).not.toBe(yaml);
      const { complaints } = validated(broken);
      for (const [, , complaint] of wrong) expect(complaints.join("\n")).toMatch(complaint);
    },
    120 * SECONDS,
  );
});
