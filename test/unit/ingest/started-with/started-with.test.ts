import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settledFacts } from "../../../../lib/ingest/facts/argument-facts";
import type { GivenFacts } from "../../../../lib/ingest/report";
import { readStartedWith } from "../../../../lib/ingest/started-with/started-with";

/** The facts a text gives once its arguments are taken apart. */
function factsOf(text: string): GivenFacts {
  const started = readStartedWith(text);
  if (!started.ok) throw new Error(started.error);
  return settledFacts(started.value.facts).facts;
}

function sentencesOf(text: string): string {
  const started = readStartedWith(text);
  return started.ok ? started.value.sentences.join("\n") : started.error;
}

describe("how a server was started", () => {
  it("as a command of vLLM gives model, sizes, speculation and settings, and drops what changes nothing", () => {
    const facts = factsOf(`VLLM_USE_V1=1 HF_HOME=/cache vllm serve meta-llama/Llama-3.3-70B-Instruct \\
      --tensor-parallel-size 4 --max-model-len=8192 --no-enable-prefix-caching --kv-cache-dtype fp8 \\
      --speculative-config '{"method": "eagle3", "model": "org/draft", "num_speculative_tokens": 3}' \\
      --gpu_memory_utilization 0.90 --port 8000 --served-model-name llama`);
    expect(facts).toEqual({
      server: "vllm",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      parallelism: { tensor: 4 },
      speculative: "eagle3",
      speculativeTokens: 3,
      serverArguments: {
        "kv-cache-dtype": "fp8",
        "enable-prefix-caching": false,
        "speculative-config": { model: "org/draft" },
        "gpu-memory-utilization": 0.9,
      },
      environment: { VLLM_USE_V1: "1" },
    });
  });

  it("says what it made of every argument", () => {
    const text = sentencesOf(
      "vllm serve org/m-FP8 -tp 2 --max-model-len 4096 --port 8000 --max-num-seqs 64 --api-key abcdefgh12345678 --x $(nproc)",
    );
    expect(text).toContain("Started as vLLM, org/m-FP8, fp8, tensor parallelism 2.");
    expect(text).toContain("Kept as settings: max-num-seqs 64.");
    expect(text).toContain("change nothing that is measured: port.");
    expect(text).toContain("follow from the lengths of the workload: max-model-len.");
    expect(text).toContain("Left out as secrets: api-key.");
    expect(text).toContain("Not understood: --x.");
    expect(text).not.toContain("abcdefgh");
  });

  it("as a script puts in the variables it sets itself, lists too, and none from elsewhere", () => {
    const facts = factsOf(`#!/usr/bin/env bash
# a comment with 'a quote
set -euo pipefail
export MODEL=deepseek-ai/DeepSeek-R1-0528 SGLANG_ENABLE_SPEC_V2=1
TP=8
MORE="--enable-dp-attention --dp 8"
EXTRA=(--chunked-prefill-size 16384
  --disable-radix-cache) # comment
python3 -m sglang.launch_server --model-path "$MODEL" --tp \${TP} $MORE "\${EXTRA[@]}" \\
  --mem-fraction-static \${FRACTION:-0.82} --max-running-requests $UNKNOWN --host 0.0.0.0 > /tmp/log 2>&1 &
wait`);
    expect(facts).toEqual({
      server: "sglang",
      model: "deepseek-ai/DeepSeek-R1-0528",
      parallelism: { tensor: 8, data: 8 },
      serverArguments: {
        "chunked-prefill-size": 16384,
        "disable-radix-cache": true,
        "enable-dp-attention": true,
        "mem-fraction-static": 0.82,
      },
      environment: { SGLANG_ENABLE_SPEC_V2: "1" },
    });
  });

  it("as TensorRT-LLM's command takes the options its script writes", () => {
    const facts = factsOf(`cat > extra.yaml <<'EOF'
kv_cache_config:
  dtype: fp8
enable_attention_dp: true
print_iter_log: true
speculative_config: { decoding_type: MTP, num_nextn_predict_layers: 3 }
EOF
mpirun -n 8 --allow-run-as-root trtllm-llmapi-launch trtllm-serve nvidia/DeepSeek-R1-FP4 --tp_size 8 --ep_size 4 \\
  --max_batch_size 256 --max_seq_len 9416 --extra_llm_api_options=extra.yaml --backend pytorch`);
    expect(facts).toEqual({
      server: "trtllm",
      model: "nvidia/DeepSeek-R1-FP4",
      precision: "fp4",
      parallelism: { tensor: 8, expert: 4 },
      speculative: "mtp",
      speculativeTokens: 3,
      serverArguments: { backend: "pytorch", max_batch_size: 256 },
      environment: {},
      engineOptions: {
        enable_attention_dp: true,
        kv_cache_config: { dtype: "fp8" },
        speculative_config: { decoding_type: "MTP", num_nextn_predict_layers: 3 },
      },
    });
  });

  it.each([
    [
      "docker run",
      `docker run -d --rm --gpus '"device=0,1"' -p 8000:8000 --ipc=host -v ~/c:/c -e VLLM_ATTENTION_BACKEND=FLASHINFER \\
       --env HF_TOKEN=hf_abcdefghijklmnopqrstuvwx vllm/vllm-openai:v0.11.0 --model Qwen/Qwen3-8B-FP8 -tp 2 --max-num-seqs 64`,
    ],
    [
      "a compose file",
      `services:
  proxy: { image: nginx:1.27 }
  vllm:
    image: vllm/vllm-openai:v0.11.0
    command: --model Qwen/Qwen3-8B-FP8 -tp 2 --max-num-seqs 64
    environment: [VLLM_ATTENTION_BACKEND=FLASHINFER]
    deploy: { resources: { reservations: { devices: [{ driver: nvidia, count: 2, capabilities: [gpu] }] } } }`,
    ],
    [
      "a Pod whose shell starts it",
      `apiVersion: v1
kind: Pod
spec:
  containers:
    - image: vllm/vllm-openai:v0.11.0
      command: ["/bin/sh", "-c"]
      args: ["exec vllm serve $(MODEL) -tp 2 --max-num-seqs 64"]
      env:
        - { name: MODEL, value: Qwen/Qwen3-8B-FP8 }
        - { name: HF_TOKEN, valueFrom: { secretKeyRef: { name: hf, key: token } } }
        - { name: VLLM_ATTENTION_BACKEND, value: FLASHINFER }
      resources: { limits: { nvidia.com/gpu: "2" } }`,
    ],
    [
      "a StatefulSet with the image's own command",
      `apiVersion: apps/v1
kind: StatefulSet
spec:
  template:
    spec:
      containers:
        - image: vllm/vllm-openai:v0.11.0
          args: [--model, Qwen/Qwen3-8B-FP8, --tensor-parallel-size=2, --max-num-seqs, "64"]
          env: [{ name: VLLM_ATTENTION_BACKEND, value: FLASHINFER }]
          resources: { limits: { nvidia.com/gpu: 2 } }`,
    ],
    [
      "Helm values",
      `replicaCount: 1
image: { repository: vllm/vllm-openai, tag: v0.11.0 }
args: [Qwen/Qwen3-8B-FP8, -tp, "2", --max-num-seqs, "64"]
env: { VLLM_ATTENTION_BACKEND: FLASHINFER }
resources: { limits: { nvidia.com/gpu: 2 } }`,
    ],
  ])("is the same as %s", (_, text) => {
    const { environment, ...facts } = factsOf(text);
    expect(facts).toEqual({
      server: "vllm",
      serverVersion: "0.11.0",
      image: "vllm/vllm-openai:v0.11.0",
      model: "Qwen/Qwen3-8B-FP8",
      precision: "fp8",
      acceleratorCount: 2,
      parallelism: { tensor: 2 },
      serverArguments: { "max-num-seqs": 64 },
    });
    expect(environment).toMatchObject({ VLLM_ATTENTION_BACKEND: "FLASHINFER" });
    expect(JSON.stringify(readStartedWith(text))).not.toContain("hf_abc");
  });

  it("as a group of pods is one deployment on all their accelerators", () => {
    const pod = (command: string) => `spec:
          containers:
            - image: vllm/vllm-openai:v0.22.0
              command: [sh, -c, "${command}"]
              resources: { limits: { nvidia.com/gpu: 8 } }`;
    const facts = factsOf(`kind: LeaderWorkerSet
spec:
  replicas: 1
  leaderWorkerTemplate:
    size: 2
    leaderTemplate:
        ${pod("vllm serve org/m -tp 8 -pp 2 --nnodes 2 --node-rank 0")}
    workerTemplate:
        ${pod("vllm serve org/m -tp 8 -pp 2 --nnodes 2 --node-rank 1 --headless")}`);
    expect(facts).toMatchObject({ acceleratorCount: 16, nodes: 2, parallelism: { tensor: 8, pipeline: 2 } });
  });

  it("in parts keeps the arguments of prefill and decode apart", () => {
    const part = (tensor: number, block: number) =>
      `{ parallelism: { tensor: ${tensor} }, replicas: 1, containers: [{ image: "ghcr.io/llm-d/llm-d-cuda:v0.3.0", modelCommand: vllmServe, args: [--block-size, "${block}"], resources: { limits: { nvidia.com/gpu: ${tensor} } } }] }`;
    expect(
      factsOf(`modelArtifacts: { name: Qwen/Qwen3-32B }\nprefill: ${part(1, 128)}\ndecode: ${part(4, 64)}`),
    ).toMatchObject({
      servingMode: "disaggregated",
      model: "Qwen/Qwen3-32B",
      server: "vllm",
      prefillAccelerators: 1,
      decodeAccelerators: 4,
      serverArguments: {
        prefill: { "block-size": 128, "tensor-parallel-size": 1 },
        decode: { "block-size": 64, "tensor-parallel-size": 4 },
      },
    });
  });

  it("as the vLLM production stack's values", () => {
    expect(
      factsOf(`servingEngineSpec:
  modelSpec:
    - { name: m, repository: vllm/vllm-openai, tag: v0.10.2, modelURL: org/m, replicaCount: 1, requestGPU: 2,
        vllmConfig: { tensorParallelSize: 2, maxNumSeqs: 32, maxModelLen: 4096, extraArgs: ["--kv-cache-dtype", "fp8"] } }`),
    ).toMatchObject({
      ...{ model: "org/m", serverVersion: "0.10.2", parallelism: { tensor: 2 }, acceleratorCount: 2 },
      serverArguments: { "kv-cache-dtype": "fp8", "max-num-seqs": 32 },
    });
  });

  it("as a file of options alone", () => {
    expect(
      factsOf("kv_cache_config: { free_gpu_memory_fraction: 0.85 }\nmoe_config: { backend: TRTLLM }\n"),
    ).toMatchObject({ server: "trtllm", engineOptions: { moe_config: { backend: "TRTLLM" } } });
    expect(factsOf("model: org/m\ntensor-parallel-size: 2\nmax-num-seqs: 8\n")).toMatchObject({
      ...{ server: "vllm", model: "org/m", parallelism: { tensor: 2 } },
      serverArguments: { "max-num-seqs": 8 },
    });
  });

  it("with no argument is started with its defaults, which is known", () => {
    expect(factsOf("vllm serve org/m")).toEqual({
      server: "vllm",
      model: "org/m",
      serverArguments: {},
      environment: {},
    });
    expect(sentencesOf("vllm serve org/m")).toContain("No settings: the server's defaults.");
  });

  it.each([
    ["sudo -E env CUDA_VISIBLE_DEVICES=0,1 nohup numactl -N 0 /opt/bin/vllm serve org/m", "vllm"],
    ['bash -lc "source /venv && vllm serve org/m"', "vllm"],
    ["python3 -u -m vllm.entrypoints.openai.api_server --model org/m", "vllm"],
    ["sglang serve --model-path org/m", "sglang"],
    ["python -m tensorrt_llm.commands.serve org/m", "trtllm"],
    ["text-generation-launcher --model-id org/m --num-shard 1", "tgi"],
    ["podman run --rm ghcr.io/huggingface/text-generation-inference:3.3.4 --model-id org/m", "tgi"],
    ["vllm serve --port 8000 org/m", "vllm"],
    ["vllm serve --enforce-eager org/m", "vllm"],
    ["vllm serve /cache/huggingface/hub/models--org--m/snapshots/0123/", "vllm"],
  ])("is found in %s", (text, server) => {
    expect(factsOf(text)).toMatchObject({ server, model: "org/m" });
  });

  it.each([
    ["vllm bench serve --model org/m", /starts no model server/],
    ["hello", /starts no model server; expected a command such as/],
    ["", /starts no model server/],
    ["a: 1", /starts no model server/],
    ["vllm serve org/a\nvllm serve org/b", /starts 2 different model servers/],
    ["x".repeat(200_001), /longer than 200000 characters/],
    [`${"a ".repeat(30_000)}`, /more than 20000 words/],
    [`A=${"x".repeat(15_000)}\n${"echo $A\n".repeat(500)}`, /more than 1000000 characters/],
  ])("is refused where it is none: %.40s", (text, reason) => {
    expect(sentencesOf(text)).toMatch(reason);
  });

  it("is never more than read: what only running it would tell is not understood", () => {
    const facts = factsOf(
      `vllm serve org/m --max-num-seqs \`cat /etc/passwd\` --block-size $(id -u) --seed 1 --x \${Y//a/b}`,
    );
    expect(facts.serverArguments).toEqual({});
  });

  it("never throws, whatever the text, and takes no longer than linear", () => {
    const pieces = fc.constantFrom(
      ...[
        "vllm serve ",
        "org/m ",
        "--tp ",
        "8 ",
        "'",
        '"',
        "\\",
        "\n",
        "$(",
        ")",
        "${",
        "}",
        "`",
        "<<EOF\n",
        "EOF",
        "=(",
        "{",
        "}",
      ],
      ...["image: ", "- ", "docker run ", "-e A=b ", "sh -c ", "A=$A$A ", "$A", "# ", "[", "]", ": ", "export "],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        readStartedWith(parts.join(""));
      }),
    );
    for (const piece of ["$(", "'", '"$(', "`", "<<E\n", "A=(", "{[", "sh -c ' ", "- - ", "docker run "]) {
      const start = performance.now();
      readStartedWith(piece.repeat(Math.floor(190_000 / piece.length)));
      expect(performance.now() - start, JSON.stringify(piece)).toBeLessThan(2000);
    }
  });
});
