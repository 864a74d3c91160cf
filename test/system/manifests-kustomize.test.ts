import { describe, expect, test } from "vitest";
import type { AskedOptions } from "../../lib/manifests/options/manifest-options";
import { PLATFORM_IDS } from "../../lib/manifests/platforms/all";
import { manifestOutput } from "../../lib/manifests/write/manifest-output";
import { expectValue } from "../unit/expect-value";
import { type ChoiceParts, choice, PLAN, tpu } from "../unit/manifests/choice";
import { at, type Json, objectsIn } from "../unit/manifests/read-bundle";
import { TRAINIUM2, XEON_6980P } from "../unit/manifests/server-choices";
import { builtAlone, builtTrees, hasKubectl, type TreeToBuild } from "./kustomize-build";
import { validated } from "./validator";

if (!hasKubectl) console.log("skipped: kubectl is not on the path, so no Kustomize tree is built");
const SECONDS = 1000;

/** Options that change what a tree is made of, on each platform that was asked for. */
const TREES: { name: string; asked: AskedOptions; parts?: ChoiceParts }[] = [
  { name: "a server alone", asked: { platform: "generic", autoscaler: "none" } },
  {
    name: "everything on GKE, in a namespace",
    asked: { platform: "gke", gateway: "gke", benchmarkJob: true, networkPolicy: true, namespace: "serving" },
  },
  {
    name: "everything anywhere",
    asked: {
      ...{ platform: "generic", autoscaler: "keda", gateway: "istio", monitoring: "prometheus-operator" },
      ...{ benchmarkJob: true, networkPolicy: true, namespace: "serving" },
    },
  },
  { name: "nodes by Karpenter", asked: { platform: "eks-karpenter", clusterName: "prod", namespace: "serving" } },
  { name: "OpenShift", asked: { platform: "openshift", gateway: "agentgateway" } },
  { name: "claims instead of a device plugin", asked: { platform: "generic", deviceAccess: "dra" } },
  {
    name: "weights in a bucket",
    asked: { platform: "gke", storage: "gcsfuse", storageSource: "gs://models/qwen", autoscaler: "none" },
  },
  { name: "weights on S3", asked: { platform: "eks", storage: "s3", storageSource: "s3://models/qwen" } },
  {
    name: "a TPU slice",
    asked: { platform: "gke" },
    parts: {
      accelerator: tpu("tpu-v6e", "tpu-v6e-slice", 32),
      configuration: { acceleratorCount: 4 },
      parallelism: { label: "tp4", tensor: 4 },
    },
  },
  {
    name: "a part of a Trainium2 machine",
    asked: { platform: "openshift", autoscaler: "none" },
    parts: {
      accelerator: TRAINIUM2,
      configuration: { acceleratorCount: 4, serverVersion: "0.24.0" },
      parallelism: { label: "tp16", tensor: 16 },
    },
  },
  {
    name: "two sockets of a processor",
    asked: { platform: "openshift", autoscaler: "none" },
    parts: { accelerator: XEON_6980P, configuration: { acceleratorCount: 2, serverVersion: "0.28.0" } },
  },
  {
    name: "SGLang",
    asked: { platform: "aks", gateway: "envoy-ai-gateway" },
    parts: { configuration: { server: "sglang", serverVersion: "0.5.13.post1" } },
  },
  {
    name: "TensorRT-LLM",
    asked: { platform: "generic" },
    parts: { configuration: { server: "trtllm", serverVersion: "1.3.0rc18" } },
  },
  {
    name: "a replica over two machines",
    asked: { platform: "generic", namespace: "serving" },
    parts: {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
    },
  },
  {
    name: "prefill apart from decode",
    asked: { platform: "generic", gateway: "istio", autoscaler: "none", rdmaResource: "rdma/ib", namespace: "serving" },
    parts: {
      configuration: {
        ...{ acceleratorCount: 16, nodes: null, servingMode: "disaggregated" },
        ...{ prefillAccelerators: 4, decodeAccelerators: 12 },
      },
      parallelism: { label: "p1x(tp4)+d3x(tp4)", tensor: null, pipeline: null, data: null, expert: null },
    },
  },
];

interface Built {
  platform: string;
  asked: boolean;
  yaml: string;
}

interface BuiltTree {
  /** The manifest of the same choice. */
  single: string;
  overlays: Built[];
}

/** A choice written both ways, and the overlays of its tree. */
interface Written {
  single: string;
  tree: TreeToBuild;
  own: string;
}

function written({ asked, parts }: Pick<(typeof TREES)[number], "asked" | "parts">): Written {
  const one = choice({ ...parts, options: asked, choice: { capacity: PLAN, ...parts?.choice } });
  const yaml = expectValue(manifestOutput(one, asked, "yaml"));
  const tree = expectValue(manifestOutput(one, asked, "kustomize"));
  if (yaml.kind !== "text" || tree.kind !== "kustomize") throw new Error(`${yaml.kind}, ${tree.kind}`);
  const platforms = tree.files.flatMap(({ path }) => /\/overlays\/([^/]+)\/kustomization/.exec(path)?.[1] ?? []);
  return {
    single: yaml.text,
    tree: { files: tree.files, name: tree.name, platforms },
    own: one.options.platform ?? "",
  };
}

function built({ single, tree, own }: Written, texts: readonly string[]): BuiltTree {
  return {
    single,
    overlays: tree.platforms.map((platform, index) => ({
      platform,
      asked: platform === own,
      yaml: texts[index] ?? "",
    })),
  };
}

let builtByName: ReadonlyMap<string, BuiltTree> | null = null;

/** Every tree by its name, built once though two tests look at it. */
function allBuilt(): ReadonlyMap<string, BuiltTree> {
  if (builtByName === null) {
    const all = TREES.map(written);
    const texts = builtTrees(all.map(({ tree }) => tree));
    builtByName = new Map(
      TREES.flatMap(({ name }, index) => {
        const one = all[index];
        return one === undefined ? [] : [[name, built(one, texts[index] ?? [])]];
      }),
    );
  }
  return builtByName;
}

/** Objects by kind and name; lists by name in one order, since a merge may put a variable elsewhere. */
function byIdentity(yaml: string): Map<string, Json> {
  const entries = objectsIn(yaml).map((object): [string, Json] => [
    `${at(object, "kind")} ${at(object, "metadata", "name")}`,
    ordered(object),
  ]);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ordered(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map(ordered);
    const names = items.map((item) => at(item, "name"));
    if (!names.every((name) => typeof name === "string")) return items;
    return items.sort((a, b) => (String(at(a, "name")) < String(at(b, "name")) ? -1 : 1));
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ordered(item)]));
}

describe.skipIf(!hasKubectl)("kubectl kustomize", () => {
  test.each(TREES)(
    "makes the objects of the single YAML: $name",
    ({ name }) => {
      const tree = allBuilt().get(name);
      const own = tree?.overlays.find((overlay) => overlay.asked);
      expect(byIdentity(own?.yaml ?? "")).toEqual(byIdentity(tree?.single ?? "nothing"));
    },
    60 * SECONDS,
  );

  test(
    "makes on every other platform what that platform's own YAML has",
    () => {
      const asked: AskedOptions = { platform: "generic", benchmarkJob: true, namespace: "serving" };
      const one = written({ asked });
      const { overlays } = built(one, builtTrees([one.tree])[0] ?? []);
      // Built together, they are what each is alone.
      const [alone] = overlays;
      expect(alone?.yaml).toBe(builtAlone(one.tree, alone?.platform ?? ""));
      // The one asked for stands first.
      const others = PLATFORM_IDS.filter((id) => id !== "generic");
      expect(overlays.map((overlay) => overlay.platform)).toEqual(["generic", ...others]);
      for (const { platform, yaml } of overlays) {
        const options: AskedOptions = { ...asked, platform: platform as NonNullable<AskedOptions["platform"]> };
        const there = expectValue(manifestOutput(choice({ options, choice: { capacity: PLAN } }), options, "yaml"));
        if (there.kind !== "text") throw new Error(there.kind);
        expect(byIdentity(yaml), platform).toEqual(byIdentity(there.text));
      }
    },
    120 * SECONDS,
  );

  test(
    "makes what a Kubernetes API server accepts, on every platform of every tree",
    () => {
      const texts = [...allBuilt().values()].flatMap(({ overlays }) => overlays.map((overlay) => overlay.yaml));
      expect(texts.length).toBeGreaterThan(30);
      expect(validated(texts).summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    180 * SECONDS,
  );
});
