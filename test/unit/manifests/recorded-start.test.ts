import { describe, expect, test } from "vitest";
import { serverSettings } from "../../../lib/manifests/plan/mlperf-harness";
import { recordedStart } from "../../../lib/manifests/plan/recorded-start";
import { UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";
import type { ChoiceParts } from "./choice";
import { argumentsOf, at, notesOf, objectOfKind, refusalOf, yamlOf } from "./read-bundle";
import { B200, MI355X, measuredWith } from "./server-choices";

/** As NVIDIA's MLPerf submissions record a server, shortened. */
const NVIDIA_SETTINGS = {
  ...UNKNOWN_SETTINGS,
  image: "nvcr.io/nvidia/pytorch:25.05-py3 (base of the MLPerf container)",
  serverArguments: {
    "gpu-batch-size": 512,
    "pipeline-parallelism": 1,
    precision: "fp4",
    "tensor-parallelism": 2,
    "use-graphs": true,
    "vboost-slider": 1,
  },
  engineOptions: {
    trtllm_build_flags: { context_fmha: "enable", enable_attention_dp: false, max_num_tokens: 4608 },
    trtllm_checkpoint_flags: { kv_cache_dtype: "fp8" },
    trtllm_runtime_flags: {
      batch_scheduler_policy: "max_util",
      context_chunking_policy: "first_come_first_served",
      cuda_graph_batch_sizes: [1, 2, 4],
      cuda_graph_padding_enabled: true,
      enable_chunked_context: true,
      exclude_input_from_output: true,
      kvcache_free_gpu_mem_frac: 0.9,
      max_concurrency: 5120,
      max_num_tokens: 4608,
      moe_backend: "CUTEDSL",
    },
  },
};
const NOWHERE = { label: null, tensor: null, pipeline: null, data: null, expert: null, context: null };
const CHECKPOINT = { quantisedCheckpoints: [{ precision: "nvfp4", checkpoint: "nvidia/Qwen3-32B-FP4" }] };
const QUIET = { autoscaler: "none", monitoring: "none" } as const;

function ofNvidia(parts: ChoiceParts = {}) {
  return measuredWith("trtllm", null, {
    accelerator: B200,
    model: CHECKPOINT,
    options: QUIET,
    parallelism: NOWHERE,
    ...parts,
    configuration: {
      server: null,
      precision: null,
      acceleratorCount: 8,
      settings: NVIDIA_SETTINGS,
      ...parts.configuration,
    },
  });
}

describe("a server MLPerf's harness of NVIDIA started", () => {
  test("is told by words only that harness has, and the manifest says that the source names none", () => {
    expect(argumentsOf(ofNvidia())).toContain("--backend=pytorch");
    expect(notesOf(ofNvidia())).toContain("The source names no server");
    expect(refusalOf(ofNvidia({ configuration: { settings: UNKNOWN_SETTINGS } }))).toMatch(/does not say which/);
  });

  test("stands there as often as the accelerators hold it", () => {
    expect(argumentsOf(ofNvidia())).toContain("--tp_size=2");
    expect(at(objectOfKind(yamlOf(ofNvidia()), "Deployment"), "spec", "replicas")).toBe(4);
    expect(notesOf(ofNvidia())).toContain("here tp2-x4");
  });

  test("loads weights of the recorded precision, published for the accelerators it ran on", () => {
    expect(argumentsOf(ofNvidia())[0]).toBe("nvidia/Qwen3-32B-FP4");
    expect(refusalOf(ofNvidia({ model: { quantisedCheckpoints: [] } }))).toMatch(/Measured at fp4/);
  });

  test("has its options in the words of trtllm-serve; what has none is named", () => {
    const options = at(objectOfKind(yamlOf(ofNvidia()), "ConfigMap"), "data", "options.yaml");
    expect(options).toMatch(/free_gpu_memory_fraction: 0\.9\n\s+dtype: fp8/);
    expect(options).toMatch(/capacity_scheduler_policy: MAX_UTILIZATION/);
    expect(options).toMatch(/enable_chunked_prefill: true/);
    expect(argumentsOf(ofNvidia())).toEqual(expect.arrayContaining(["--max_batch_size=512", "--max_num_tokens=4608"]));
    expect(yamlOf(ofNvidia())).toMatch(/without vboost_slider/);
    expect(yamlOf(ofNvidia())).not.toContain("max_concurrency");
  });

  test("that Dynamo put behind its frontend stays unknown: the files of its workers are not recorded", () => {
    const settings = { ...NVIDIA_SETTINGS, engineOptions: { dynamo_cluster: { num_decode_workers: 4 } } };
    expect(refusalOf(ofNvidia({ configuration: { settings } }))).toMatch(/does not say which/);
  });

  test("writes nothing it was not told", () => {
    expect(serverSettings({ ...UNKNOWN_SETTINGS, serverArguments: { gpu_batch_size: 8 } })).toEqual({
      ...UNKNOWN_SETTINGS,
      serverArguments: { max_batch_size: 8 },
      engineOptions: {},
    });
  });
});

describe("what the settings say of the start", () => {
  test("never overrules what a column says", () => {
    const { configuration } = ofNvidia({
      configuration: { server: "trtllm", precision: "bf16" },
      parallelism: { ...NOWHERE, label: "tp8", tensor: 8 },
    });
    const recorded = recordedStart(configuration).configuration;
    expect(recorded.precision).toBe("bf16");
    expect(recorded.parallelism).toMatchObject({ label: "tp8", tensor: 8 });
  });

  test("tells vLLM by its variables and arguments, and AMD's harness by its own", () => {
    const settings = {
      ...UNKNOWN_SETTINGS,
      serverArguments: { "max-num-seqs": 1024, "tensor-parallel-size": 1 },
      environment: { VLLM_ROCM_USE_AITER: "1", HARNESS_GC_LIMIT: "100000" },
    };
    const choice = measuredWith("vllm", null, {
      accelerator: MI355X,
      options: QUIET,
      parallelism: NOWHERE,
      configuration: { server: null, acceleratorCount: 8, settings },
    });
    expect(argumentsOf(choice)).toContain("--tensor-parallel-size=1");
    expect(at(objectOfKind(yamlOf(choice), "Deployment"), "spec", "replicas")).toBe(8);
    const alone = { ...settings, environment: { VLLM_ROCM_USE_AITER: "1" } };
    expect(recordedStart({ ...choice.configuration, settings: alone }).configuration.parallelism.label).toBeNull();
  });

  test("leaves alone what says all or nothing", () => {
    const { configuration } = measuredWith("vllm", "0.24.0");
    expect(recordedStart(configuration)).toEqual({ configuration, notes: [] });
    expect(recordedStart({ ...configuration, server: null }).configuration.server).toBeNull();
  });
});

describe("experts over all accelerators without data parallelism", () => {
  test("are split ways in vLLM that the experts' own layers do not count", () => {
    const split = { label: "tp1-ep8", tensor: 1, pipeline: null, data: 1, expert: 8 };
    const choice = measuredWith("vllm", "0.24.0", { configuration: { acceleratorCount: 8 }, parallelism: split });
    expect(argumentsOf(choice)).toEqual(
      expect.arrayContaining(["--tensor-parallel-size=8", "--enable-expert-parallel"]),
    );
    expect(yamlOf(choice)).toContain("tensor parallel 1 for the experts' layers alone");
    expect(
      refusalOf({
        ...choice,
        configuration: { ...choice.configuration, parallelism: { ...choice.configuration.parallelism, data: null } },
      }),
    ).toMatch(/make 1, but 8/);
  });
});
