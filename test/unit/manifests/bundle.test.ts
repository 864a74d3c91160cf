import { describe, expect, test } from "vitest";
import type { LoadPoint } from "../../../lib/domain";
import type { LatencyStatistics } from "../../../lib/measurement/latency";
import type { OperatingPoint } from "../../../lib/selection/types";
import { type ChoiceParts, choice, DEFAULT_SETTINGS, meanOnly, PLAN, tpu } from "./choice";
import {
  argumentsOf,
  at,
  containerOf,
  notesOf,
  objectOfKind,
  objectsIn,
  podOf,
  refusalOf,
  yamlOf,
} from "./read-bundle";

const V6E = tpu("tpu-v6e", "tpu-v6e-slice", 32);
const V7X = tpu("tpu-v7x", "tpu7x", 192);

function onTpu(accelerator: typeof V6E, chips: number, tensor: number, parts: ChoiceParts = {}) {
  return choice({
    ...parts,
    accelerator,
    configuration: { acceleratorCount: chips, ...parts.configuration },
    parallelism: { label: `tp${tensor}`, tensor, ...parts.parallelism },
    options: { platform: "gke", ...parts.options },
  });
}

describe("a bundle", () => {
  test("holds Deployment, Service, disruption budget and autoscaler, on GKE collection, alerts and dashboard too", () => {
    const kinds = (platform: "gke" | "generic") =>
      objectsIn(yamlOf(choice({ options: { platform } }))).map((object) => at(object, "kind"));
    expect(kinds("generic")).toEqual(["Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"]);
    expect(kinds("gke")).toEqual([
      "Deployment",
      "Service",
      "PodDisruptionBudget",
      "PodMonitoring",
      "Rules",
      "ConfigMap",
      "HorizontalPodAutoscaler",
    ]);
  });

  test("is the same text for the same choice and names no namespace and no time", () => {
    const yaml = yamlOf(choice());
    expect(yamlOf(choice())).toBe(yaml);
    expect(yaml).not.toMatch(/namespace: [a-z]+$/m);
    expect(yaml).not.toMatch(/creationTimestamp|Generated on/);
  });

  test("begins with what it is, what it needs and the commands to apply, watch and test it", () => {
    const yaml = yamlOf(choice());
    const header = yaml.slice(0, yaml.indexOf("apiVersion:"));
    expect(header).toContain("# Qwen/Qwen3-32B on 2 × NVIDIA H100 SXM 80GB with vLLM");
    expect(header).toContain("kubectl create secret generic hf-token --from-literal=token=");
    expect(header).toMatch(/kubectl apply -f qwen3-32b-h100-sxm-80gb-x2-[0-9a-f]{8}\.yaml/);
    expect(header).toContain("kubectl rollout status deployment/qwen3-32b");
    expect(header).toContain("http://localhost:8000/v1/completions");
    expect(header).toContain('seriesQuery: \'vllm:num_requests_running{namespace!="",pod!=""}\'');
  });

  test("selects by name and instance only, and labels what it manages", () => {
    const deployment = objectOfKind(yamlOf(choice()), "Deployment");
    const selector = at(deployment, "spec", "selector", "matchLabels");
    expect(Object.keys(selector as object)).toEqual(["app.kubernetes.io/name", "app.kubernetes.io/instance"]);
    expect(at(deployment, "metadata", "labels", "app.kubernetes.io/managed-by")).toBe("inference-quickstart");
  });

  test("gives two configurations of one model different names, and one configuration the same name again", () => {
    const name = (configurationId: string) =>
      at(objectOfKind(yamlOf(choice({ configuration: { configurationId } })), "Deployment"), "metadata", "name");
    expect(name("a")).not.toBe(name("b"));
    expect(name("a")).toBe(name("a"));
  });
});

describe("the server", () => {
  test("runs the measured version with the measured parallelism", () => {
    const shape = choice({
      configuration: { acceleratorCount: 8, serverVersion: "v0.19.0-cu130" },
      parallelism: { label: "tp2-pp2-dp2-ep4", tensor: 2, pipeline: 2, data: 2, expert: 4 },
    });
    expect(at(containerOf(shape), "image")).toBe("vllm/vllm-openai:v0.19.0-cu130");
    expect(at(containerOf(shape), "command")).toEqual(["vllm", "serve"]);
    const args = argumentsOf(shape);
    expect(args[0]).toBe("Qwen/Qwen3-32B");
    expect(args).toEqual(
      expect.arrayContaining([
        "--served-model-name=Qwen/Qwen3-32B",
        "--tensor-parallel-size=2",
        "--pipeline-parallel-size=2",
        "--data-parallel-size=2",
        "--enable-expert-parallel",
      ]),
    );
    expect(at(containerOf(shape), "resources", "limits", "nvidia.com/gpu")).toBe("8");
  });

  test("loads the checkpoint that was measured under the model's name, without a quantisation flag", () => {
    const args = argumentsOf(choice({ configuration: { checkpoint: "Qwen/Qwen3-32B-FP8", precision: "fp8" } }));
    expect(args[0]).toBe("Qwen/Qwen3-32B-FP8");
    expect(args).toContain("--served-model-name=Qwen/Qwen3-32B");
    expect(args.join(" ")).not.toContain("--quantization");
  });

  test("quantises to FP8 only where the published weights are 16 bits wide", () => {
    const base = { configuration: { precision: "fp8" } };
    expect(argumentsOf(choice(base))).toContain("--quantization=fp8");
    expect(argumentsOf(choice({ ...base, model: { weightsPrecision: "fp8" } })).join(" ")).not.toContain(
      "quantization",
    );
    expect(argumentsOf(choice({ ...base, model: null })).join(" ")).not.toContain("quantization");
    expect(notesOf(choice({ ...base, model: null }))).toContain("does not know the precision of these weights");
  });

  test("needs no flag for MXFP4 weights measured as fp4", () => {
    const gptOss = choice({ configuration: { precision: "fp4" }, model: { weightsPrecision: "mxfp4" } });
    expect(argumentsOf(gptOss).join(" ")).not.toContain("quantization");
  });

  test("has flags only from the version that knows them", () => {
    const flags = (serverVersion: string) => argumentsOf(choice({ configuration: { serverVersion } })).join(" ");
    expect(flags("0.15.1")).not.toMatch(/shutdown-timeout|disable-access-log/);
    expect(flags("0.16.0")).toMatch(/disable-access-log/);
    expect(flags("0.16.0")).not.toMatch(/shutdown-timeout/);
    expect(flags("0.18.0")).toMatch(/shutdown-timeout=60/);
  });

  test("says so where the measured version has no published image", () => {
    for (const serverVersion of [null, "nightly-5b8c30d6", "nm-vllm-0.5.0", "0.5.1", "0.19.1rc1.dev3+gabc"]) {
      const parts = { configuration: { serverVersion } };
      expect(at(containerOf(choice(parts)), "image")).toBe("vllm/vllm-openai:v0.23.0");
      expect(notesOf(choice(parts))).toMatch(/v0\.23\.0 is a recent release in its place/);
    }
  });

  test("limits request length from the workload, or says why it does not", () => {
    const lengths = (workload: { dataset: string | null; inputTokens: number | null; outputTokens: number | null }) =>
      choice({ choice: { workload: { workloadId: "w", ...workload } } });
    expect(argumentsOf(lengths({ dataset: "random", inputTokens: 1024, outputTokens: 1024 }))).toContain(
      "--max-model-len=3072",
    );
    expect(argumentsOf(lengths({ dataset: "sharegpt", inputTokens: 230, outputTokens: 200 }))).toContain(
      "--max-model-len=2048",
    );
    expect(argumentsOf(lengths({ dataset: "random", inputTokens: 60000, outputTokens: 1024 }))).toContain(
      "--max-model-len=40960",
    );
    const unknown = lengths({ dataset: "sharegpt", inputTokens: null, outputTokens: null });
    expect(argumentsOf(unknown).join(" ")).not.toContain("max-model-len");
    expect(yamlOf(unknown)).toMatch(/# no --max-model-len: the workload's lengths are not known/);
  });

  test("admits more sequences than the smallest default only where the operating point has more in flight", () => {
    const at600 = choice({ operatingPoint: { loadValue: 600 } });
    expect(argumentsOf(at600)).toContain("--max-num-seqs=768");
    expect(argumentsOf(choice()).join(" ")).not.toContain("max-num-seqs");
  });

  test("runs the model's own code only for models whose recipe says so, and says it", () => {
    const kimi = choice({ configuration: { model: "moonshotai/Kimi-K2.5", precision: null } });
    expect(argumentsOf(kimi)).toContain("--trust-remote-code");
    expect(notesOf(kimi)).toContain("--trust-remote-code is set");
    expect(argumentsOf(choice()).join(" ")).not.toContain("trust-remote-code");
  });

  test("writes data-parallel attention as data-parallel ranks with parallel experts", () => {
    const args = argumentsOf(
      choice({
        configuration: { acceleratorCount: 4 },
        parallelism: { label: "tp4-ep4-dpattn", tensor: 4, data: null, expert: 4 },
      }),
    );
    expect(args).toEqual(
      expect.arrayContaining(["--tensor-parallel-size=1", "--data-parallel-size=4", "--enable-expert-parallel"]),
    );
  });
});

describe("the pod", () => {
  test("runs without root where the image has a user, and says what level it meets where not", () => {
    expect(at(podOf(choice()), "securityContext", "runAsUser")).toBe(2000);
    const old = choice({ configuration: { serverVersion: "0.12.0" } });
    expect(at(podOf(old), "securityContext", "runAsNonRoot")).toBeUndefined();
    expect(yamlOf(old)).toContain("baseline, not restricted");
    const mounts = at(containerOf(old), "volumeMounts") as { mountPath: string }[];
    expect(mounts.map((mount) => mount.mountPath)).toEqual(["/dev/shm", "/cache", "/.cache", "/.triton", "/.config"]);
  });

  test("gives big models more time to start, and the rollout more than that", () => {
    const seconds = (weightBytes: number) => {
      const deployment = objectOfKind(
        yamlOf(choice({ accelerator: { memoryGib: 400 }, model: { weightBytes } })),
        "Deployment",
      );
      const container = at(deployment, "spec", "template", "spec", "containers", 0);
      const failures = at(container, "startupProbe", "failureThreshold") as number;
      expect(at(deployment, "spec", "progressDeadlineSeconds")).toBe(failures * 10 + 1200);
      return failures * 10;
    };
    expect(seconds(16e9)).toBe(1800);
    expect(seconds(671e9)).toBe(10680);
  });

  test("has a cache volume of its own that holds the weights and 30% more", () => {
    const storage = (parts: ChoiceParts) => {
      const volumes = at(podOf(choice(parts)), "volumes") as { name: string }[];
      const cache = volumes.find((volume) => volume.name === "cache");
      return at(cache as never, "ephemeral", "volumeClaimTemplate", "spec", "resources", "requests", "storage");
    };
    expect(storage({})).toBe("100Gi");
    expect(storage({ configuration: { checkpoint: "x/y-FP8", precision: "fp8" } })).toBe("60Gi");
    // unknown model: what fits two H100
    expect(storage({ model: null })).toBe("210Gi");
    expect(yamlOf(choice({ model: null }))).toContain("size unknown");
  });

  test("leaves time to drain: sleep, drain and slack fit into the grace period", () => {
    for (const [serverVersion, sleep] of [
      ["0.23.0", 30],
      ["0.12.0", 90],
    ] as const) {
      const pod = podOf(choice({ configuration: { serverVersion } }));
      expect(at(pod, "containers", 0, "lifecycle", "preStop", "sleep", "seconds")).toBe(sleep);
      expect(at(pod, "terminationGracePeriodSeconds")).toBe(120);
    }
    const slow = podOf(choice({ operatingPoint: { e2eMs: meanOnly(100_000) } }));
    expect(at(slow, "terminationGracePeriodSeconds")).toBe(260);
  });

  test("lets the longest requests that were measured finish, where some take far longer than most", () => {
    const grace = (e2eMs: Partial<LatencyStatistics>) =>
      at(
        podOf(choice({ operatingPoint: { e2eMs: { ...meanOnly(40_000), ...e2eMs } } })),
        "terminationGracePeriodSeconds",
      );
    // 30 s to leave the load balancers and 30 s of slack beside it.
    expect(grace({ p95: 150_000, p99: 310_000 })).toBe(60 + 310);
    expect(grace({ p95: 150_000 })).toBe(60 + 150);
    expect(grace({ p99: 70_000 })).toBe(60 + 80);
    expect(grace({ p99: 2_000_000 })).toBe(60 + 600);
    const yaml = yamlOf(choice({ operatingPoint: { e2eMs: { ...meanOnly(40_000), p99: 310_000 } } }));
    // Comments are broken into lines.
    expect(yaml.replaceAll(/\s*\n\s*# /g, " ")).toContain(
      "310 s to finish requests (p99 of their latency as measured, 60 to 600 s)",
    );
  });

  test("asks for the Hugging Face token only where the model is gated", () => {
    const optional = (gated: boolean | null) =>
      at(containerOf(choice({ model: { gated } })), "env", 0, "valueFrom", "secretKeyRef", "optional");
    expect([optional(true), optional(false), optional(null)]).toEqual([false, true, true]);
  });

  test("finds its nodes by the platform's label, and invents none", () => {
    expect(at(podOf(choice()), "nodeSelector")).toEqual({ "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
    expect(at(podOf(choice({ options: { platform: "gke" } })), "nodeSelector")).toEqual({
      "cloud.google.com/gke-accelerator": "nvidia-h100-80gb",
    });
    const rtx = choice({
      accelerator: { id: "rtx-3090-24gb", memoryGib: 24, gkeAcceleratorLabel: null },
      model: { weightBytes: 16e9 },
    });
    expect(at(podOf(rtx), "nodeSelector")).toBeUndefined();
    const rules = at(podOf(rtx), "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
    expect(at(rules, "nodeSelectorTerms", 0, "matchExpressions", 3)).toEqual({
      key: "nvidia.com/gpu.memory",
      operator: "Gt",
      values: ["22118"],
    });
  });

  test("is spread over nodes where there is more than one, or an autoscaler may make one", () => {
    expect(at(podOf(choice({ options: { autoscaler: "none" } })), "topologySpreadConstraints")).toBeUndefined();
    expect(at(podOf(choice()), "topologySpreadConstraints", 0, "topologyKey")).toBe("topology.kubernetes.io/zone");
    expect(at(podOf(choice({ choice: { capacity: PLAN } })), "topologySpreadConstraints", 1, "topologyKey")).toBe(
      "kubernetes.io/hostname",
    );
  });
});

describe("the autoscaler", () => {
  const autoscaler = (parts: ChoiceParts) => {
    const hpa = objectOfKind(yamlOf(choice(parts)), "HorizontalPodAutoscaler");
    const pods = at(hpa, "spec", "metrics", 0, "pods");
    return {
      metric: at(pods, "metric", "name"),
      target: at(pods, "target", "averageValue"),
      minimum: at(hpa, "spec", "minReplicas"),
      maximum: at(hpa, "spec", "maxReplicas"),
    };
  };

  test("takes its target from the requests in flight of a closed-loop operating point and says so", () => {
    expect(autoscaler({})).toEqual({ metric: "vllm_num_requests_running", target: "46", minimum: 1, maximum: 2 });
    expect(yamlOf(choice())).toMatch(/# requests running in each pod, from the measured operating point: 64 requests/);
    expect(autoscaler({ options: { platform: "gke" } }).metric).toBe(
      "prometheus.googleapis.com|vllm:num_requests_running|gauge",
    );
  });

  test("derives it by Little's law where requests came at a rate: 2 requests/s × 28.944 s", () => {
    const parts: ChoiceParts = { operatingPoint: { loadKind: "request_rate", loadValue: 2 } };
    expect(autoscaler(parts).target).toBe("42");
    expect(yamlOf(choice(parts))).toContain("Little's law: 2 requests/s");
    expect(
      autoscaler({ operatingPoint: { loadKind: "request_rate", loadValue: 2, e2eMs: meanOnly(10_000) } }).target,
    ).toBe("14");
  });

  test("falls back on queue length where requests in flight cannot be told, and calls it a start value", () => {
    const parts: ChoiceParts = { operatingPoint: { loadKind: "max", loadValue: null } };
    expect(autoscaler(parts)).toMatchObject({ metric: "vllm_num_requests_waiting", target: "5" });
    expect(yamlOf(choice(parts))).toContain("not a measured one");
  });

  test("keeps the planned replicas and owns them alone", () => {
    expect(autoscaler({ choice: { capacity: PLAN } })).toMatchObject({ minimum: 4, maximum: 8 });
    expect(at(objectOfKind(yamlOf(choice()), "Deployment"), "spec", "replicas")).toBeUndefined();
  });

  test("deploys one replica of a shape measured several times over, and divides what was measured together", () => {
    const parts: ChoiceParts = {
      configuration: { acceleratorCount: 8, nodes: null, settings: DEFAULT_SETTINGS },
      parallelism: { label: "4x(tp2)", tensor: 2, pipeline: null, data: null, expert: null },
    };
    expect(autoscaler(parts)).toMatchObject({ target: "11", minimum: 4 });
    expect(autoscaler({ ...parts, choice: { capacity: PLAN } })).toMatchObject({ minimum: 16 });
    expect(at(containerOf(choice(parts)), "resources", "limits", "nvidia.com/gpu")).toBe("2");
    const annotations = at(objectOfKind(yamlOf(choice(parts)), "Deployment"), "metadata", "annotations");
    expect(at(annotations, "inference-quickstart.dev/predicted-output-tokens-per-second")).toContain(
      "4 replicas together",
    );
    expect(notesOf(choice(parts))).toContain("figures are of all of them");
    const suffix = choice({ configuration: { acceleratorCount: 4 }, parallelism: { label: "tp2-x2", tensor: 2 } });
    expect(at(containerOf(suffix), "resources", "limits", "nvidia.com/gpu")).toBe("2");
  });
});

describe("provenance", () => {
  test("stands in the Deployment's annotations, not on its pods", () => {
    const deployment = objectOfKind(
      yamlOf(choice({ configuration: { settings: DEFAULT_SETTINGS }, options: { platform: "gke" } })),
      "Deployment",
    );
    const annotation = (key: string) => at(deployment, "metadata", "annotations", `inference-quickstart.dev/${key}`);
    expect(annotation("configuration")).toBe("c-0123456789abcdef");
    expect(annotation("dataset-revision")).toBe("3");
    expect(annotation("slos")).toBe("TTFT p95 <= 500 ms");
    expect(annotation("predicted-output-tokens-per-second")).toBe(
      "2150 (throughput measured, operating point measured)",
    );
    expect(annotation("predicted-latency-ms")).toBe('{"ttft":{"mean":300},"tpot":{"mean":28}}');
    expect(annotation("share-url")).toBe("https://quickstart.example/s/abc");
    expect(annotation("sources")).toBe("a-source https://example.com/data licence: Apache-2.0");
    expect(at(deployment, "spec", "template", "metadata", "annotations")).toBeUndefined();
  });

  test("says whether the operating point was measured, interpolated or is a lower bound", () => {
    const measured = choice({ configuration: { settings: DEFAULT_SETTINGS } });
    const at = (operatingPoint: OperatingPoint) => yamlOf({ ...measured, operatingPoint });
    if (measured.operatingPoint.kind !== "measured") throw new Error("the helper makes measured points");
    const { rule, ...point } = measured.operatingPoint;
    expect(rule).toBe("slo");
    expect(at({ ...point, kind: "atLeast" })).toContain("# Predicted: at least 2,150 output tokens/s");
    const between: [LoadPoint, LoadPoint] = [
      { ...point.point, loadValue: 32 },
      { ...point.point, loadValue: 64 },
    ];
    const error = { expectedRelativeError: 0.07, relativeErrorIn9Of10: 0.28 };
    const interpolated = at({ ...point, ...error, kind: "interpolated", loadValue: 41.7, between });
    expect(interpolated).toContain("between the measured loads 32 and 64; expected error 7%");
    expect(interpolated).toContain('averageValue: "30"');
  });

  test("calls a derived throughput derived", () => {
    const deployment = objectOfKind(
      yamlOf(choice({ configuration: { settings: DEFAULT_SETTINGS }, operatingPoint: { throughputBasis: "derived" } })),
      "Deployment",
    );
    expect(
      at(deployment, "metadata", "annotations", "inference-quickstart.dev/predicted-output-tokens-per-second"),
    ).toContain("throughput derived");
  });
});

describe("Cloud TPU", () => {
  test("takes all chips of one host, and two ranks a chip on TPU7x", () => {
    const v6e = onTpu(V6E, 8, 8);
    expect(at(podOf(v6e), "nodeSelector")).toEqual({
      "cloud.google.com/gke-tpu-accelerator": "tpu-v6e-slice",
      "cloud.google.com/gke-tpu-topology": "2x4",
    });
    expect(at(containerOf(v6e), "resources", "limits", "google.com/tpu")).toBe("8");
    const v7x = onTpu(V7X, 4, 8, { configuration: { serverVersion: "vllm-tpu:v0.22.0" } });
    expect(at(containerOf(v7x), "image")).toBe("vllm/vllm-tpu:v0.22.0");
    expect(argumentsOf(v7x)).toContain("--tensor-parallel-size=8");
    expect(at(podOf(v7x), "nodeSelector", "cloud.google.com/gke-tpu-topology")).toBe("2x2x1");
    expect(yamlOf(v7x)).toContain('"parameters":{"type":"hyperdisk-balanced"}');
  });

  test("is refused where it cannot run or no slice has so many chips", () => {
    expect(refusalOf(onTpu(V6E, 8, 8, { options: { platform: "generic" } }))).toContain("Google Cloud only");
    expect(refusalOf(onTpu(V6E, 2, 2))).toContain("there is none of 2");
    expect(refusalOf(onTpu(V7X, 8, 16))).toContain("a slice of 2 hosts, and 1 were measured");
    expect(refusalOf(onTpu(V7X, 4, 4))).toContain("8 cores were measured");
    expect(refusalOf(onTpu(V6E, 8, 8, { configuration: { precision: "fp8" } }))).toContain("pre-quantised checkpoint");
  });
});

describe("refused, with the reason", () => {
  const cases: [what: string, parts: ChoiceParts, reason: RegExp][] = [
    [
      "another server",
      { configuration: { server: "atom" } },
      /for vLLM, SGLang, TensorRT-LLM, Dynamo.*measured with atom/,
    ],
    ["an unknown server", { configuration: { server: null } }, /does not say which model server/],
    [
      "another vendor",
      { accelerator: { name: "A chip", kubernetesResource: null } },
      /for A chip no device plugin's resource is known/,
    ],
    ["disaggregated serving", { configuration: { servingMode: "disaggregated" } }, /prefill and decode/],
    ["machines it cannot be shared by", { configuration: { nodes: 3 } }, /on 3 machines cannot be shared evenly/],
    [
      "more accelerators than a machine has",
      { configuration: { acceleratorCount: 16, nodes: null }, parallelism: { label: "tp16", tensor: 16 } },
      /takes 16 × H100 SXM, a machine has at most 8/,
    ],
    ["sizes that do not multiply up", { configuration: { acceleratorCount: 8 } }, /make 2, but 8 accelerators/],
    [
      "unknown parallelism",
      { parallelism: { label: null, tensor: null, data: null } },
      /not known \(one tensor-parallel server, several replicas/,
    ],
    [
      "speculative decoding",
      { configuration: { speculative: "mtp3" } },
      /"mtp3".*exact --speculative-config is not recorded/,
    ],
    [
      "expert parallelism vLLM cannot do",
      { configuration: { acceleratorCount: 4 }, parallelism: { label: "tp4-ep2", tensor: 4, expert: 2 } },
      /expert parallel size 2/,
    ],
    ["four-bit weights nobody named", { configuration: { precision: "fp4" } }, /published as bf16.*names none/],
    [
      "FP8 from 16-bit weights that do not fit",
      { configuration: { precision: "fp8" }, model: { weightBytes: 811.8e9 } },
      /needs all 812 GB in accelerator memory/,
    ],
    ["no accelerators", { configuration: { acceleratorCount: 0 } }, /not a positive whole number/],
    [
      "a GPU that GKE does not have",
      { accelerator: { gkeAcceleratorLabel: null }, options: { platform: "gke" } },
      /No GKE node label is known/,
    ],
    ["a model that reads as an option", { configuration: { model: "--trust-remote-code" } }, /starts with a dash/],
    [
      "a model by the name it was served under, which the hub does not have",
      { configuration: { model: "qwen3" }, model: null },
      /"qwen3", which names no organisation/,
    ],
    ["a checkpoint that reads as an option", { configuration: { checkpoint: "-x" } }, /starts with a dash/],
  ];
  test.each(cases)("%s", (_, parts, reason) => {
    expect(refusalOf(choice(parts))).toMatch(reason);
  });
});
