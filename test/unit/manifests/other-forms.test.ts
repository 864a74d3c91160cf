import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readStartedWith } from "@/lib/ingest/started-with/started-with";
import { gitOpsText, manifestUrl } from "@/lib/manifests/forms/git-ops";
import { inferenceServiceText, llmInferenceServiceText } from "@/lib/manifests/forms/kserve";
import { nodePoolText } from "@/lib/manifests/forms/machines";
import type { FormText } from "@/lib/manifests/forms/one-pod";
import { otherForms } from "@/lib/manifests/forms/other-forms";
import { productionStackText } from "@/lib/manifests/forms/production-stack";
import type { AskedOptions } from "@/lib/manifests/options/manifest-options";
import type { Choice } from "@/lib/manifests/plan/choice";
import { manifestOutput } from "@/lib/manifests/write/manifest-output";
import type { Result } from "@/lib/result";
import { PLAN } from "./choice";
import {
  APPLICATION,
  FLUX_KUSTOMIZATION,
  GIT_REPOSITORY,
  INFERENCE_SERVICE,
  misfits,
  NODE_POOL_FLAGS,
  PRODUCTION_STACK,
} from "./form-shapes";
import { argumentsOf, at, containerOf, type Json, podOf, yamlOf } from "./read-bundle";
import { B200, GAUDI3, MI300X, measuredWith, TRAINIUM2 } from "./server-choices";

const SETTINGS = {
  serverArguments: { "max-num-batched-tokens": 8192, "compilation-config": { mode: 3, text: "it's $HOME" } },
  environment: { VLLM_USE_FLASHINFER_MOE_FP8: "1" },
  engineOptions: null,
  image: null,
};
const QUIET = { autoscaler: "none", monitoring: "none" } as const;
const CHOICES: readonly [string, Choice][] = [
  ["vLLM as measured", measuredWith("vllm", "0.19.0", { configuration: { settings: SETTINGS } })],
  ["vLLM on MI300X", measuredWith("vllm", "0.19.0", { accelerator: MI300X, options: QUIET })],
  ["vLLM on Gaudi", measuredWith("vllm", "0.19.0", { accelerator: GAUDI3, options: QUIET })],
  ["SGLang with a demand", measuredWith("sglang", "0.5.9", { choice: { capacity: PLAN } })],
  ["TensorRT-LLM with a file of options", measuredWith("trtllm", "1.3.0rc14", { options: QUIET })],
];
const VLLM = CHOICES.filter(([name]) => name.startsWith("vLLM"));
const REPOSITORY = "https://git.example/team/cluster.git";

function textOf(made: Result<FormText>): string {
  if (!made.ok) throw new Error(made.error);
  return made.value.text;
}

function errorOf(made: Result<FormText>): string {
  if (made.ok) throw new Error("not refused");
  return made.error;
}

function documents(text: string): Json[] {
  return parseAllDocuments(text, { version: "1.1" }).map((document) => document.toJS() as Json);
}

function ofKind(text: string, kind: string): Json {
  const found = documents(text).find((document) => at(document, "kind") === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

/** As the server gets them: Kubernetes reads `$$` as `$`. */
function plain(values: readonly string[]): string[] {
  return values.map((value) => value.replaceAll("$$", () => "$"));
}

/** A choice whose figures have an address, as on a server with IQ_PUBLIC_URL. */
function addressed(choice: Choice): Choice {
  return { ...choice, shareUrl: "https://quickstart.example/configurations/x?workload=w&slo=ttft%3Ap95%3A500&rev=3" };
}

describe.each(CHOICES)("KServe's InferenceService, %s", (_, choice) => {
  const text = textOf(inferenceServiceText(choice));
  const predictor = at(ofKind(text, "InferenceService"), "spec", "predictor");

  test("has only fields KServe knows", () => {
    expect(misfits(at(ofKind(text, "InferenceService"), "spec"), INFERENCE_SERVICE)).toEqual([]);
  });

  test("runs the manifest's pod: only the container's name differs", () => {
    const { containers, volumes, nodeSelector = null } = predictor as { [field: string]: Json };
    const [container] = containers as Json[];
    expect(at(container, "name")).toBe("kserve-container");
    const own = containerOf({ ...choice, options: { ...choice.options, monitoring: "none", autoscaler: "none" } });
    expect({ ...(container as object), name: "" }).toEqual({ ...(own as object), name: "" });
    expect(volumes).toEqual(at(podOf(choice), "volumes"));
    expect(nodeSelector).toEqual((podOf(choice) as { nodeSelector?: Json }).nodeSelector ?? null);
  });

  test("brings the files its server mounts, and as many replicas as the plan", () => {
    const mounted = (at(predictor, "volumes") as Json[]).flatMap((volume) => {
      const { configMap } = volume as { configMap?: { name: string } };
      return configMap === undefined ? [] : [configMap.name];
    });
    const names = documents(text).flatMap((document) =>
      at(document, "kind") === "ConfigMap" ? [at(document, "metadata", "name")] : [],
    );
    expect(names).toEqual(mounted);
    expect(at(predictor, "minReplicas")).toBe(choice.capacity?.replicas ?? 1);
  });
});

describe.each(VLLM)("KServe's LLMInferenceService, %s", (_, choice) => {
  const text = textOf(llmInferenceServiceText(choice));
  const spec = at(ofKind(text, "LLMInferenceService"), "spec");
  const container = at(spec, "template", "containers") as Json[];

  test("starts the manifest's server with KServe's certificate", () => {
    const args = plain(at(container[0], "args") as string[]);
    expect(args.slice(0, -2)).toEqual(argumentsOf(choice));
    expect(args.slice(-2).every((value) => value.startsWith("--ssl-"))).toBe(true);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      expect(at(container[0], probe, "httpGet", "scheme")).toBe("HTTPS");
    }
  });

  test("loads the weights where the manifest does", () => {
    expect(at(spec, "storageInitializer", "enabled")).toBe(false);
    expect(at(spec, "model", "uri")).toBe(`hf://${choice.configuration.model}`);
    const env = at(container[0], "env") as { name: string; value?: string }[];
    expect(env.find(({ name }) => name === "HF_HUB_CACHE")?.value).toBe("/cache/huggingface/hub");
  });
});

describe("KServe", () => {
  test("routes only where a gateway is asked for, and says what it leaves out", () => {
    const options: AskedOptions = { gateway: "istio", autoscaler: "hpa", networkPolicy: true };
    const routed = llmInferenceServiceText(measuredWith("vllm", "0.24.0", { options }));
    expect(at(ofKind(textOf(routed), "LLMInferenceService"), "spec", "router")).toEqual({
      gateway: {},
      route: {},
      scheduler: {},
    });
    expect(routed.ok && routed.value.notes[0]).toMatch(/the autoscaler \(hpa\), the NetworkPolicy\.$/);
    expect(
      ofKind(textOf(llmInferenceServiceText(measuredWith("vllm", "0.24.0"))), "LLMInferenceService"),
    ).not.toHaveProperty("spec.router");
  });

  test("is refused where it cannot be told", () => {
    expect(errorOf(llmInferenceServiceText(measuredWith("sglang", "0.5.9")))).toMatch(
      /flags of vLLM; for SGLang take its/,
    );
    const machines = measuredWith("vllm", "0.24.0", {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
    });
    expect(errorOf(inferenceServiceText(machines))).toMatch(/more than one pod: take the manifest/);
  });
});

describe.each(VLLM.slice(0, 2))("values of vLLM's production stack, %s", (_, choice) => {
  const text = textOf(productionStackText(choice));
  const values = parse(text) as Json;
  const [model] = at(values, "servingEngineSpec", "modelSpec") as Json[];

  test("have only fields the chart's schema knows", () => {
    expect(misfits(values, PRODUCTION_STACK)).toEqual([]);
  });

  test("start the server as the manifest does, by what the chart writes and what it is given", () => {
    // helm/templates/deployment-vllm-multi.yaml: the model, address and sizes, then extraArgs.
    const written = [
      ...["vllm", "serve", String(at(model, "modelURL")), "--port=8000"],
      `--tensor-parallel-size=${at(model, "vllmConfig", "tensorParallelSize")}`,
      ...(at(model, "vllmConfig", "enablePrefixCaching") === true ? [] : ["--no-enable-prefix-caching"]),
      ...plain(at(model, "vllmConfig", "extraArgs") as string[]),
    ];
    const read = (command: string[]) => {
      const made = readStartedWith(command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" "));
      if (!made.ok) throw new Error(made.error);
      return made.value.facts.serverArguments;
    };
    expect(read(written)).toEqual(read(["vllm", "serve", ...argumentsOf(choice)]));
  });

  test("name no variable twice: the chart sets HF_HOME", () => {
    const names = (at(model, "env") as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("HF_HOME");
  });
});

test("the production stack is refused what it has no words for", () => {
  expect(errorOf(productionStackText(measuredWith("sglang", "0.5.9")))).toMatch(/vllm serve and nothing else/);
  const claims: AskedOptions = { deviceAccess: "dra", clusterVersion: { major: 1, minor: 35 } };
  expect(errorOf(productionStackText(measuredWith("vllm", "0.24.0", { options: claims })))).toMatch(/resource claims/);
});

describe("what follows Git", () => {
  const choice = addressed(measuredWith("vllm", "0.24.0", { options: { namespace: "llm" } }));
  const asked: AskedOptions = { namespace: "llm" };

  test("is Argo CD's Application, with only fields it knows; the autoscaler keeps the replicas", () => {
    const text = textOf(gitOpsText(choice, asked, "argocd", REPOSITORY));
    const application = ofKind(text, "Application");
    expect(misfits(at(application, "spec"), APPLICATION)).toEqual([]);
    expect(at(application, "spec", "source", "repoURL")).toBe(REPOSITORY);
    expect(at(application, "spec", "ignoreDifferences")).toEqual([
      { group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] },
    ]);
  });

  test("is Flux's repository and Kustomization, with only fields they know", () => {
    const text = textOf(gitOpsText(choice, asked, "flux", "git@git.example:team/cluster.git"));
    expect(misfits(at(ofKind(text, "GitRepository"), "spec"), GIT_REPOSITORY)).toEqual([]);
    expect(at(ofKind(text, "GitRepository"), "spec", "url")).toBe("ssh://git@git.example/team/cluster.git");
    expect(misfits(at(ofKind(text, "Kustomization"), "spec"), FLUX_KUSTOMIZATION)).toEqual([]);
  });

  test("fetches the address of this very manifest, at its revision", () => {
    expect(manifestUrl(choice, asked)).toBe(
      `https://quickstart.example/api/v1/manifests?configuration=${choice.configuration.configurationId}&namespace=llm&workload=w&slo=ttft%3Ap95%3A500&rev=3`,
    );
    for (const form of ["argocd", "flux"] as const) {
      expect(textOf(gitOpsText(choice, asked, form, REPOSITORY))).toContain(JSON.stringify(manifestUrl(choice, asked)));
    }
  });

  test("is refused without a repository, or an address anybody could fetch from", () => {
    expect(errorOf(gitOpsText(choice, asked, "argocd", null))).toMatch(/name the repository/);
    expect(errorOf(gitOpsText(choice, asked, "argocd", "https://git.example/a' ; rm -rf"))).toMatch(
      /no address of a Git/,
    );
    expect(errorOf(gitOpsText({ ...choice, shareUrl: "/configurations/x" }, asked, "flux", REPOSITORY))).toMatch(
      /IQ_PUBLIC_URL/,
    );
  });
});

const MACHINES: readonly [platform: string, choice: Choice][] = [
  ["gke", measuredWith("vllm", "0.24.0", { options: { platform: "gke" }, choice: { capacity: PLAN } })],
  ["eks", measuredWith("vllm", "0.24.0", { options: { platform: "eks", clusterName: "prod" } })],
  [
    "eks",
    measuredWith("vllm", "0.16.0", {
      accelerator: TRAINIUM2,
      options: { platform: "eks", autoscaler: "none" },
      configuration: { acceleratorCount: 1 },
      parallelism: { label: "tp4", tensor: 4 },
      model: { weightBytes: 8e9 },
    }),
  ],
  ["aks", measuredWith("vllm", "0.24.0", { options: { platform: "aks" } })],
];

describe.each(MACHINES)("machines on %s", (platform, choice) => {
  const script = textOf(nodePoolText(choice, "node-pool"));
  const terraform = textOf(nodePoolText(choice, "terraform"));

  test("are made by flags the seller's command has, in a script a shell takes", () => {
    const flags = script.match(/(?<=\s)--[a-z-]+/g) ?? [];
    expect(flags.length).toBeGreaterThan(5);
    expect(flags.filter((flag) => !NODE_POOL_FLAGS[platform]?.includes(flag))).toEqual([]);
    execFileSync("sh", ["-n"], { input: script });
  });

  test("are the same machines, as many, as Terraform", () => {
    const type = /(?:machine-type=|node-type=|node-vm-size )(\S+)/.exec(script)?.[1];
    const first = /(?:num-nodes=|--nodes=|node-count )(\d+)/.exec(script)?.[1];
    expect(terraform).toContain(`"${type}"`);
    expect(terraform).toMatch(new RegExp(`(?:node_count|initial_node_count|desired_size) += ${first}\\n`));
    const used = terraform.match(/\bvar\.([a-z_]+)/g)?.map((name) => name.slice(4)) ?? [];
    const declared = terraform.match(/^variable "([a-z_]+)"/gm)?.map((line) => line.slice(10, -1)) ?? [];
    expect([...new Set(used)].sort()).toEqual([...declared].sort());
  });
});

describe("machines", () => {
  test("are refused where nobody sells them by a type, or the platform makes them itself", () => {
    const on = (platform: string) =>
      nodePoolText(measuredWith("vllm", "0.24.0", { options: { platform } }), "terraform");
    expect(errorOf(on("generic"))).toMatch(/machines are written for GKE, EKS and AKS/);
    expect(errorOf(on("eks-karpenter"))).toMatch(/no node pool to make/);
    expect(errorOf(on("gke-autopilot"))).toMatch(/no node pool to make/);
  });
});

test("every form is one output of the same choice; the page asks which there are", () => {
  const choice = addressed(measuredWith("vllm", "0.24.0", { accelerator: B200, options: { platform: "gke" } }));
  const forms = otherForms(choice, {});
  expect(forms).toEqual({
    oneMachine: null,
    inferenceService: null,
    llmInferenceService: null,
    productionStack: null,
    machines: null,
    hasAddress: true,
  });
  for (const output of [
    "inference-service",
    "llm-inference-service",
    "production-stack",
    "argocd",
    "flux",
    "node-pool",
    "terraform",
  ] as const) {
    const made = manifestOutput(choice, {}, output, REPOSITORY);
    expect(made.ok && made.value.kind === "text" && made.value.file, output).toMatch(/^[a-z0-9.-]+\.(?:yaml|sh|tf)$/);
    const again = manifestOutput(choice, {}, output, REPOSITORY);
    expect(again).toEqual(made);
  }
  expect(yamlOf(choice)).not.toContain("kserve");
});
