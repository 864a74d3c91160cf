import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { decideBundle } from "../../../lib/manifests/plan/decide-bundle";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { type Settings, type SettingValues, UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";
import { type ChoiceParts, choice, DEFAULT_SETTINGS } from "./choice";
import { at, type Json, objectOfKind } from "./read-bundle";
import { measuredWith } from "./server-choices";

function started(serverArguments: SettingValues, rest: Partial<Settings> = {}): ChoiceParts {
  return { configuration: { settings: { ...DEFAULT_SETTINGS, serverArguments, ...rest } } };
}

function yamlOf(parts: ChoiceParts, server = "vllm", version = "0.23.0"): string {
  const bundle = manifestBundle(measuredWith(server, version, parts));
  if (!bundle.ok) throw new Error(bundle.error);
  return bundle.value.yaml;
}

function container(yaml: string): Json | undefined {
  return at(objectOfKind(yaml, "Deployment"), "spec", "template", "spec", "containers", 0);
}

function argsOf(yaml: string): string[] {
  return (at(container(yaml), "args") as string[]) ?? [];
}

function annotation(yaml: string, name: string): unknown {
  return at(objectOfKind(yaml, "Deployment"), "metadata", "annotations", `inference-quickstart.dev/${name}`);
}

describe("what the server was measured with", () => {
  test("is what it is started with, in its own spelling", () => {
    const yaml = yamlOf(
      started(
        {
          "kv-cache-dtype": "fp8",
          "gpu-memory-utilization": 0.95,
          "enable-prefix-caching": false,
          "async-scheduling": true,
          "max-num-batched-tokens": "{input_tokens*2}",
          "compilation-config": { pass_config: { fuse_allreduce_rms: true } },
          "max-num-seqs": 512,
        },
        { environment: { VLLM_USE_FLASHINFER_MOE_MXFP4_MXFP8: "1" } },
      ),
    );
    expect(argsOf(yaml)).toEqual(
      expect.arrayContaining([
        "--kv-cache-dtype=fp8",
        "--gpu-memory-utilization=0.95",
        "--no-enable-prefix-caching",
        "--async-scheduling",
        "--max-num-batched-tokens=2048",
        '--compilation-config={"pass_config":{"fuse_allreduce_rms":true}}',
        "--max-num-seqs=512",
      ]),
    );
    expect(yaml).toMatch(/name: VLLM_USE_FLASHINFER_MOE_MXFP4_MXFP8\n\s+value: "1"/);
    expect(yaml).toContain("# Predicted: 2,150 output tokens/s");
    expect(annotation(yaml, "settings")).toBe("started as measured");
  });

  test("is SGLang's own spelling too: lists are items, switches that are off are left out", () => {
    const args = argsOf(
      yamlOf(
        started({ "cuda-graph-bs": "1..3", "disable-radix-cache": true, "enable-symm-mem": false }),
        "sglang",
        "0.5.9",
      ),
    );
    const first = args.indexOf("--cuda-graph-bs");
    expect(args.slice(first, first + 4)).toEqual(["--cuda-graph-bs", "1", "2", "3"]);
    expect(args).toContain("--disable-radix-cache");
    expect(args.join(" ")).not.toContain("symm-mem");
  });

  test("is a file of options for TensorRT-LLM, worked out for the load", () => {
    const yaml = yamlOf(
      started(
        { max_num_tokens: 20000 },
        { engineOptions: { cuda_graph_config: { max_batch_size: "{concurrency}" }, stream_interval: 20 } },
      ),
      "trtllm",
      "1.3.0rc14",
    );
    const options = at(objectOfKind(yaml, "ConfigMap"), "data", "options.yaml");
    expect(parseAllDocuments(String(options))[0]?.toJS()).toMatchObject({
      cuda_graph_config: { max_batch_size: 64 },
      stream_interval: 20,
    });
    expect(argsOf(yaml)).toContain("--max_num_tokens=20000");
  });

  test("is the image that was measured where it is one of the server's own", () => {
    const yaml = yamlOf(started({}, { image: "vllm/vllm-openai:v0.19.0-cu130" }), "vllm", "0.19.0");
    expect(at(container(yaml), "image")).toBe("vllm/vllm-openai:v0.19.0-cu130");
    expect(yaml).toContain("# Predicted:");
  });
});

describe("a prediction", () => {
  test("stands nowhere where the settings are not known", () => {
    const bundle = manifestBundle(choice({ configuration: { settings: UNKNOWN_SETTINGS } }));
    if (!bundle.ok) throw new Error(bundle.error);
    const { yaml, notes } = bundle.value;
    expect(yaml).toContain("# Settings unknown: expect another figure.");
    expect(yaml.toLowerCase()).not.toContain("predicted");
    expect(annotation(yaml, "settings")).toBe("settings unknown: expect another figure");
    expect(annotation(yaml, "predicted-output-tokens-per-second")).toBeUndefined();
    expect(notes[0]).toBe("Settings unknown: expect another figure.");
  });

  test.each([
    ["another image", started({}, { image: "example.com/fork:1" }), 'in the place of "example.com/fork:1"'],
    [
      "a setting that was not recorded for this load",
      started({ "max-num-seqs": "{8 at load 4}" }),
      "without max-num-seqs",
    ],
    ["a file of the measuring machine", started({ "deepep-config": "/configs/deepep.json" }), "without deepep-config"],
  ])("does not stand where the deployment departs: %s", (_, parts, words) => {
    const yaml = yamlOf(parts);
    const header = yaml.slice(0, yaml.indexOf("apiVersion")).replaceAll(/\n#\s*/g, " ");
    expect(header).toContain("Not started as measured, expect another figure");
    expect(header).toContain(words);
    expect(header).not.toContain("Predicted");
  });
});

/** Settings a stranger's report might hold to have a server load code, open up, or read something else. */
const HOSTILE: SettingValues = {
  middleware: "evil.Middleware",
  "worker-extension-cls": "evil.Worker",
  "logits-processors": "evil:Processor",
  "tool-parser-plugin": "/tmp/evil.py",
  "kv-transfer-config": { kv_connector: "Evil", kv_connector_module_path: "evil" },
  "ssl-keyfile": "key.pem",
  "api-key": "sk-123",
  "model-loader-extra-config": "http://evil.example/x",
  "a b; rm -rf /": "1",
  "--": "x",
  "load-format": "line\nbreak",
};

describe("a stranger's settings", () => {
  test("never load code, open the server or name a place, and are named as left out", () => {
    const environment = {
      LD_PRELOAD: "/tmp/evil.so",
      VLLM_PLUGINS: "evil",
      HTTPS_PROXY: "http://evil.example",
      NCCL_NET_PLUGIN: "evil",
      SGLANG_EXTERNAL_MODEL_PACKAGE: "evil",
      VLLM_ALLOW_INSECURE_SERIALIZATION: "1",
    };
    const yaml = yamlOf(started(HOSTILE, { environment }));
    const pod = JSON.stringify(container(yaml));
    expect(pod).not.toMatch(/evil|key\.pem|sk-123|rm -rf|line/i);
    const header = yaml.slice(0, yaml.indexOf("apiVersion")).replaceAll(/\n#\s*/g, " ");
    for (const name of ["worker-extension-cls", "kv-transfer-config", "LD_PRELOAD", "VLLM_PLUGINS"])
      expect(header).toContain(name);
  });

  test("are one argument each, whatever they hold, and Kubernetes expands nothing in them", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z][a-z-]{0,20}[a-z]$/),
          fc.oneof(fc.string({ unit: "grapheme" }), fc.double(), fc.boolean()),
          {
            maxKeys: 6,
          },
        ),
        (values) => {
          const decided = decideBundle(measuredWith("vllm", "0.23.0", started(values as SettingValues)));
          if (!decided.ok) throw new Error(decided.error);
          const yaml = yamlOf(started(values as SettingValues));
          for (const document of parseAllDocuments(yaml)) expect(document.errors).toEqual([]);
          expect(argsOf(yaml)).toEqual(decided.value.server.arguments.map(({ value }) => value));
          for (const argument of argsOf(yaml)) expect(argument.replaceAll("$$", "")).not.toMatch(/\$\(/);
        },
      ),
      { numRuns: 40 },
    );
  });
});
