import type { Slo } from "../../../lib/domain";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { choice, DEFAULT_SETTINGS, H100, meanOnly, PLAN, tpu, withHardware } from "./choice";
import { ARC_B60, GAUDI3, MI300X, measuredWith, TRAINIUM2, XEON_6980P } from "./server-choices";

const H200 = withHardware({
  ...H100,
  id: "h200-sxm-141gb",
  name: "NVIDIA H200 SXM 141GB",
  shortName: "H200 SXM",
  memoryGib: 141,
  gkeAcceleratorLabel: "nvidia-h200-141gb",
});
const V6E = tpu("tpu-v6e", "tpu-v6e-slice", 32);
const V7X = tpu("tpu-v7x", "tpu7x", 192);

const TARGETS: Slo[] = [
  { metric: "ttft", statistic: "p95", limitMs: 500 },
  { metric: "tpot", statistic: "mean", limitMs: 30 },
];
const SMALL = { id: "meta-llama/Llama-3.1-8B-Instruct", weightBytes: 16e9, gated: true };
const LLAMA_8B = "meta-llama/Llama-3.1-8B-Instruct";

/** A bundle that is kept whole, and what of the product it stands for. */
interface Whole {
  /** File name below `whole/`. */
  name: string;
  choice: Choice;
}

/**
 * Bundles that together hold every server and runtime, platform, way to devices, autoscaler and source of its metric,
 * gateway, storage and monitoring, and each of benchmark Job, NetworkPolicy, namespace, several machines and prefill apart
 * from decode. `whole.test.ts` checks that they do.
 */
export const WHOLE: readonly Whole[] = [
  {
    name: "vllm-nvidia-as-measured-anywhere",
    choice: measuredWith("vllm", "0.19.0", {
      configuration: {
        settings: {
          serverArguments: {
            "compilation-config": { pass_config: { fuse_allreduce_rms: true } },
            "enable-prefix-caching": false,
            "gpu-memory-utilization": 0.9,
            "kv-cache-dtype": "fp8",
            "max-num-batched-tokens": "{input_tokens*2}",
            "max-num-seqs": 512,
          },
          environment: { VLLM_FLOAT32_MATMUL_PRECISION: "high" },
          engineOptions: null,
          image: "vllm/vllm-openai:v0.19.0-cu130",
        },
      },
      options: { platform: "generic", autoscaler: "none", monitoring: "none" },
    }),
  },
  {
    name: "gpt-oss-as-its-recipe-has-it-gke",
    choice: measuredWith("vllm", "0.23.0", {
      model: {
        id: "openai/gpt-oss-120b",
        displayName: "gpt-oss-120b",
        contextLengthTokens: 131_072,
        weightsPrecision: "mxfp4",
        weightBytes: 63.6e9,
      },
      configuration: {
        model: "openai/gpt-oss-120b",
        precision: "fp4",
        acceleratorCount: 1,
        settings: {
          ...DEFAULT_SETTINGS,
          serverArguments: { "kv-cache-dtype": "fp8", "max-num-seqs": "{concurrency}" },
        },
      },
      options: { platform: "gke", context: "model" },
    }),
  },
  {
    name: "sglang-not-as-measured-anywhere",
    choice: measuredWith("sglang", "0.5.9", {
      configuration: {
        settings: {
          serverArguments: {
            "cuda-graph-bs": "1..4",
            "deepep-config": "/configs/deepep.json",
            "disable-radix-cache": true,
            "scheduler-recv-interval": "{10 at load 8; 30 at load 64}",
          },
          environment: { SGLANG_ENABLE_FLASHINFER_GEMM: "true" },
          engineOptions: null,
          image: "lmsysorg/sglang:v0.5.9-cu130",
        },
      },
      options: { platform: "generic", autoscaler: "none", monitoring: "none", answerParsers: false },
    }),
  },
  {
    name: "trtllm-as-measured-anywhere",
    choice: measuredWith("trtllm", "1.3.0rc14", {
      configuration: {
        settings: {
          serverArguments: { max_batch_size: 512, max_num_tokens: 20000 },
          environment: { TRTLLM_ENABLE_PDL: "1" },
          engineOptions: {
            cuda_graph_config: { enable_padding: true, max_batch_size: "{concurrency}" },
            kv_cache_config: { dtype: "fp8", enable_block_reuse: false, free_gpu_memory_fraction: 0.85 },
            moe_config: { backend: "TRTLLM" },
            stream_interval: 20,
          },
          image: "nvcr.io/nvidia/tensorrt-llm/release:1.3.0rc14",
        },
      },
      options: { platform: "generic", autoscaler: "none", monitoring: "none" },
    }),
  },
  {
    name: "vllm-nvidia-anywhere",
    choice: choice({
      options: {
        platform: "generic",
        autoscaler: "hpa",
        metrics: "prometheus-adapter",
        monitoring: "prometheus-operator",
        networkPolicy: true,
        benchmarkJob: true,
      },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
  {
    name: "vllm-nvidia-gke-inference-gateway",
    choice: choice({
      options: {
        platform: "gke",
        autoscaler: "hpa",
        metrics: "gmp",
        monitoring: "gmp",
        gateway: "gke",
        inferenceObjective: true,
        storage: "gcsfuse",
        storageSource: "gs://models/qwen3-32b",
        benchmarkJob: true,
        networkPolicy: true,
        namespace: "serving",
      },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
  {
    name: "vllm-amd-openshift",
    choice: measuredWith("vllm", "0.23.0", {
      accelerator: MI300X,
      configuration: { acceleratorCount: 1 },
      operatingPoint: { loadKind: "request_rate", loadValue: 2.1 },
      options: {
        platform: "openshift",
        autoscaler: "keda",
        monitoring: "prometheus-operator",
        gateway: "istio",
        storage: "pvc",
        storageSource: "models/qwen3-32b",
        networkPolicy: true,
        namespace: "serving",
      },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-gaudi-anywhere",
    choice: measuredWith("vllm", "0.19.0", {
      accelerator: GAUDI3,
      options: { platform: "generic", autoscaler: "none", benchmarkJob: true },
      choice: { slos: [], shareUrl: null },
    }),
  },
  {
    name: "vllm-xpu-anywhere",
    choice: measuredWith("vllm", "0.26.0", {
      accelerator: ARC_B60,
      configuration: { acceleratorCount: 1, model: LLAMA_8B },
      model: SMALL,
      options: { platform: "generic", autoscaler: "keda", signal: "kv-cache" },
    }),
  },
  {
    name: "vllm-tpu-gke-autopilot",
    choice: measuredWith("vllm", "0.22.0", {
      accelerator: V7X,
      configuration: { acceleratorCount: 4 },
      parallelism: { label: "tp8", tensor: 8 },
      options: { platform: "gke-autopilot", autoscaler: "hpa", signal: "queue", networkPolicy: true },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
  {
    name: "vllm-tpu-slice-of-hosts-gke",
    choice: measuredWith("vllm", "0.22.0", {
      accelerator: V6E,
      configuration: { acceleratorCount: 16, nodes: 4 },
      parallelism: { label: "tp16", tensor: 16 },
      options: { platform: "gke", autoscaler: "hpa", benchmarkJob: true, networkPolicy: true },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "sglang-eks-karpenter",
    choice: measuredWith("sglang", "0.5.13.post1", {
      options: {
        platform: "eks-karpenter",
        autoscaler: "keda",
        monitoring: "prometheus-operator",
        gateway: "agentgateway",
        storage: "s3",
        storageSource: "s3://models/qwen3-32b",
        clusterName: "prod",
        benchmarkJob: true,
      },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
  {
    name: "trtllm-aks",
    choice: measuredWith("trtllm", "1.3.0rc18", {
      configuration: { acceleratorCount: 8, precision: "fp8", checkpoint: "Qwen/Qwen3-32B-FP8" },
      options: {
        platform: "aks",
        autoscaler: "keda",
        signal: "queue",
        monitoring: "prometheus-operator",
        gateway: "envoy-ai-gateway",
        storage: "oci-image",
        storageSource: `registry.example.org/models/qwen3-32b-fp8@sha256:${"0123456789abcdef".repeat(4)}#models`,
        clusterVersion: { major: 1, minor: 36 },
        networkPolicy: true,
        benchmarkJob: true,
      },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-nvidia-eks-claims-with-fallback",
    choice: choice({
      configuration: { model: LLAMA_8B, acceleratorCount: 1 },
      parallelism: { label: "tp1", tensor: 1 },
      model: SMALL,
      options: {
        platform: "eks",
        deviceAccess: "dra",
        autoscaler: "hpa",
        signal: "kv-cache",
        storage: "lustre",
        storageSource: "lustre-models/llama-3.1-8b",
      },
      choice: { slos: TARGETS, fallbacks: { accelerators: [H200], notes: [] } },
    }),
  },
  {
    name: "vllm-neuron-eks-karpenter",
    choice: measuredWith("vllm", "0.24.0", {
      accelerator: TRAINIUM2,
      configuration: { acceleratorCount: 4 },
      parallelism: { label: "tp16", tensor: 16 },
      options: { platform: "eks-karpenter", autoscaler: "keda", clusterName: "prod", networkPolicy: true },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-processors-anywhere",
    choice: measuredWith("vllm", "0.28.0", {
      accelerator: XEON_6980P,
      configuration: { acceleratorCount: 2 },
      options: { platform: "generic", autoscaler: "hpa" },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-nvidia-two-machines-gke",
    choice: choice({
      configuration: { model: "meta-llama/Llama-3.1-405B-Instruct", acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2, data: null, expert: null },
      model: { id: "meta-llama/Llama-3.1-405B-Instruct", weightBytes: 810e9, gated: true },
      options: { platform: "gke", gateway: "gke", benchmarkJob: true, networkPolicy: true, namespace: "serving" },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-nvidia-data-parallel-machines-anywhere",
    choice: choice({
      configuration: { model: "deepseek-ai/DeepSeek-V3", acceleratorCount: 32, nodes: 4, precision: "fp8" },
      parallelism: { label: "tp1-dp32-ep32", tensor: 1, pipeline: 1, data: 32, expert: 32 },
      model: { id: "deepseek-ai/DeepSeek-V3", weightBytes: 690e9, weightsPrecision: "fp8" },
      accelerator: H200,
      operatingPoint: { loadValue: 1024, tpotMs: meanOnly(45) },
      options: { platform: "generic", autoscaler: "keda", rdmaResource: "rdma/ib", networkPolicy: true },
    }),
  },
  {
    name: "sglang-two-machines-anywhere",
    choice: measuredWith("sglang", "0.5.13.post1", {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp16-dp2-dpattn", tensor: 16, data: 2 },
      options: {
        platform: "generic",
        deviceAccess: "dra",
        autoscaler: "none",
        monitoring: "prometheus-operator",
        rdmaResource: "rdma/ib",
      },
      choice: { capacity: PLAN },
    }),
  },
  {
    name: "vllm-nvidia-prefill-apart-from-decode",
    choice: choice({
      configuration: {
        acceleratorCount: 16,
        nodes: null,
        servingMode: "disaggregated",
        prefillAccelerators: 4,
        decodeAccelerators: 12,
      },
      parallelism: { label: "p1x(tp4)+d3x(tp4)", tensor: null, pipeline: null, data: null, expert: null },
      options: {
        platform: "generic",
        gateway: "istio",
        autoscaler: "none",
        rdmaResource: "rdma/ib",
        networkPolicy: true,
        namespace: "serving",
      },
      choice: { slos: TARGETS },
    }),
  },
  {
    name: "vllm-nvidia-two-machines-oke",
    choice: measuredWith("vllm", "0.23.0", {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
      model: { weightBytes: 700e9 },
      options: { platform: "oke", networkPolicy: true, namespace: "serving" },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
  {
    name: "vllm-amd-oke",
    choice: measuredWith("vllm", "0.23.0", {
      accelerator: MI300X,
      configuration: { acceleratorCount: 4 },
      options: { platform: "oke", autoscaler: "keda", monitoring: "prometheus-operator" },
      choice: { slos: TARGETS, capacity: PLAN },
    }),
  },
];
