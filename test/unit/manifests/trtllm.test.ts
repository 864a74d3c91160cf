import { describe, expect, test } from "vitest";
import { readableOptions } from "../../../lib/manifests/options/readable-options";
import type { ChoiceParts } from "./choice";
import { argumentsOf, at, containerOf, notesOf, objectOfKind, podOf, refusalOf, yamlOf } from "./read-bundle";
import { MI300X, measuredWith } from "./server-choices";

const trtllm = (parts: ChoiceParts = {}, version: string | null = "1.3.0rc14") =>
  measuredWith("trtllm", version, parts);
const QUIET: ChoiceParts = { options: { autoscaler: "none", monitoring: "none" } };

describe("TensorRT-LLM", () => {
  test("is trtllm-serve with the library path its entrypoint would have set", () => {
    const container = containerOf(trtllm());
    expect(at(container, "command")).toEqual(["trtllm-serve", "serve"]);
    expect(argumentsOf(trtllm())).toEqual([
      "Qwen/Qwen3-32B",
      "--served_model_name=Qwen/Qwen3-32B",
      "--host=0.0.0.0",
      "--port=8000",
      "--backend=pytorch",
      "--tp_size=2",
      "--max_seq_len=3072",
      "--reasoning_parser=qwen3",
      "--extra_llm_api_options=/etc/trtllm/options.yaml",
    ]);
    expect(JSON.stringify(at(container, "env"))).toContain("/usr/local/nvidia/lib64");
    expect(at(podOf(trtllm()), "securityContext", "seccompProfile", "type")).toBe("RuntimeDefault");
  });

  test("reads settings without a flag from a ConfigMap, and restarts when they change", () => {
    const plain = yamlOf(trtllm());
    const config = objectOfKind(plain, "ConfigMap");
    expect(at(config, "data", "options.yaml")).toMatch(/return_perf_metrics: true\nenable_iter_perf_stats: true\n$/);
    expect(at(podOf(trtllm()), "volumes")).toContainEqual({
      name: "options",
      configMap: { name: at(config, "metadata", "name") },
    });
    const checksum = (yaml: string) => /options-sha256: "?([0-9a-f]{64})/.exec(yaml)?.[1];
    const attention = yamlOf(trtllm({ parallelism: { label: "tp2-ep2-dpattn", tensor: 2, expert: 2 } }));
    expect(checksum(plain)).toBeDefined();
    expect(checksum(attention)).not.toBe(checksum(plain));
  });

  test("is scaled by its own gauge, read where it exports it", () => {
    expect(yamlOf(trtllm())).toContain("seriesQuery: 'trtllm_num_requests_running{");
    expect(yamlOf(trtllm())).toContain("prometheus.io/path: /prometheus/metrics");
    expect(yamlOf(trtllm({ options: { platform: "gke" } }))).toContain("path: /prometheus/metrics");
  });

  test("finishes requests before SIGTERM, which would end its workers after ten seconds", () => {
    expect(at(containerOf(trtllm()), "lifecycle", "preStop", "sleep", "seconds")).toBe(90);
  });

  test("before 1.3.0rc12 exports nothing to scale or alert by: that is refused, the server alone is not", () => {
    expect(refusalOf(trtllm({}, "1.2.0rc6.post2"))).toMatch(
      /from 1\.3\.0rc12 on.*1\.2\.0rc6\.post2: choose the autoscaler none/,
    );
    expect(refusalOf(trtllm({ options: { platform: "gke", autoscaler: "none" } }, "1.3.0rc2"))).toMatch(
      /choose the monitoring none/,
    );
    const old = trtllm({ ...QUIET, configuration: { checkpoint: "nvidia/Qwen3-32B-FP8" } }, "1.2.0rc6.post2");
    expect(at(containerOf(old), "image")).toBe("nvcr.io/nvidia/tensorrt-llm/release:1.2.0rc6.post2");
    expect(yamlOf(old)).not.toMatch(/prometheus\.io|return_perf_metrics|--served_model_name=|kind: ConfigMap/);
    expect(notesOf(old)).toContain("1.2.0rc6.post2 exports no load");
    expect(notesOf(old)).toContain("Clients name the model nvidia/Qwen3-32B-FP8");
    expect(yamlOf(old)).toContain('{"model": "nvidia/Qwen3-32B-FP8"');
  });

  test("before 1.3.0rc12 has nothing that reads its load unless asked for, later versions as usual", () => {
    const measured = (serverVersion: string) => trtllm({}, serverVersion);
    expect(readableOptions({ platform: "gke" }, measured("1.2.0rc6.post2"))).toEqual({
      platform: "gke",
      autoscaler: "none",
      monitoring: "none",
    });
    expect(readableOptions({ autoscaler: "keda" }, measured("1.2.0rc6.post2"))).toMatchObject({ autoscaler: "keda" });
    expect(readableOptions({ platform: "gke" }, measured("1.3.0rc12"))).toEqual({ platform: "gke" });
  });

  test("needs checkpoints of the measured precision", () => {
    expect(refusalOf(trtllm({ configuration: { precision: "fp8" } }))).toMatch(
      /TensorRT-LLM needs a pre-quantised checkpoint/,
    );
    expect(refusalOf(trtllm({ configuration: { precision: "int8" } }))).toMatch(/published as bf16/);
  });

  test("has no flag for the other 16-bit type: the weights are served as they are, and that is no prediction", () => {
    const other = trtllm({ configuration: { precision: "fp16" } });
    expect(notesOf(other)).toContain("which have as many bits");
    expect(yamlOf(other)).not.toContain("dtype");
  });

  test("is NVIDIA's only, and not the TensorRT that some submissions name", () => {
    expect(refusalOf(trtllm({ accelerator: MI300X }))).toMatch(/NVIDIA GPUs only/);
    expect(refusalOf(trtllm({}, "10.11.0.33"))).toMatch(/engine built by TensorRT 10\.11\.0\.33.*PyTorch backend/);
  });

  test.each([null, "gpt-oss-dev", "0.20.0"])("of version %s is a documented default, and says so", (version) => {
    expect(at(containerOf(trtllm({}, version)), "image")).toBe("nvcr.io/nvidia/tensorrt-llm/release:1.3.0rc18");
    expect(notesOf(trtllm({}, version))).toContain("recent release in its place");
  });
});

describe("TensorRT-LLM's parallelism", () => {
  const shape = (
    label: string,
    sizes: { tensor: number; data?: number; expert?: number; pipeline?: number },
    count = 8,
  ) =>
    trtllm({ configuration: { acceleratorCount: count }, parallelism: { label, data: null, expert: null, ...sizes } });

  test("is tensor, pipeline and expert sizes", () => {
    const args = argumentsOf(shape("tp4-pp2-ep2", { tensor: 4, pipeline: 2, expert: 2 }));
    expect(args).toEqual(expect.arrayContaining(["--tp_size=4", "--pp_size=2", "--ep_size=2"]));
  });

  test("says attention data-parallel in the options, however the report spells it", () => {
    for (const choice of [
      shape("tp8-ep8-dpattn", { tensor: 8, expert: 8 }),
      shape("tp1-dp8-ep8", { tensor: 1, data: 8, expert: 8 }),
    ]) {
      expect(argumentsOf(choice)).toEqual(expect.arrayContaining(["--tp_size=8", "--ep_size=8"]));
      expect(yamlOf(choice)).toContain("enable_attention_dp: true");
    }
    expect(yamlOf(shape("tp8", { tensor: 8 }))).not.toContain("enable_attention_dp");
  });

  test("is refused where it cannot be asked for", () => {
    expect(refusalOf(shape("tp4-dp2", { tensor: 4, data: 2 }))).toMatch(/one rank a device/);
    expect(refusalOf(shape("tp8-ep3", { tensor: 8, expert: 3 }))).toMatch(/divisor of its 8/);
    expect(refusalOf(shape("tp4", { tensor: 4 }))).toMatch(/make 4, but 8 accelerators/);
  });
});

describe("names from data", () => {
  test("stay one argument of each server, whatever is in them", () => {
    const model = "org/$(HOME) '\"\n--trust-remote-code";
    for (const [server, version] of [
      ["sglang", "0.5.9"],
      ["trtllm", "1.3.0rc14"],
    ] as const) {
      const args = argumentsOf(measuredWith(server, version, { configuration: { model } }));
      expect(args.filter((argument) => argument.endsWith(`${model}`)).length).toBeGreaterThan(0);
      expect(args).not.toContain("--trust-remote-code");
    }
  });
});
