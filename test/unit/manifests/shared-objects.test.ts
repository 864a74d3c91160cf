import { describe, expect, test } from "vitest";
import { canonicalOptions } from "../../../lib/manifests/options/option-params";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { takeShared } from "../../../lib/manifests/plan/shared-objects";
import { type ManifestOutputKind, manifestOutput } from "../../../lib/manifests/write/manifest-output";
import { type ChoiceParts, choice, H100 } from "./choice";
import { at, objectOfKind, objectsIn, yamlOf } from "./read-bundle";

function made(of: Choice, output: ManifestOutputKind) {
  return manifestOutput(of, canonicalOptions(of.options, of.accelerator), output);
}

/** YAML of what the cluster shares. */
function sharedOf(of: Choice): string {
  const output = made(of, "shared");
  if (!output.ok || output.value.kind !== "text") throw new Error("nothing shared");
  return output.value.text;
}

function on(options: ChoiceParts["options"]): Choice {
  return choice({ accelerator: H100, options: { autoscaler: "none", monitoring: "none", ...options } });
}

describe("what every deployment of a cluster shares", () => {
  test.each([
    ["StorageClass", "inference-quickstart-gp3", on({ platform: "eks" })],
    ["GatewayClass", "envoy-ai-gateway", on({ platform: "generic", gateway: "envoy-ai-gateway" })],
    ["GatewayClass", "openshift-default", on({ platform: "openshift", gateway: "istio" })],
  ] as const)("%s %s is not deleted with one of them, and the header's own command makes it", (kind, name, asked) => {
    const yaml = yamlOf(asked);
    expect(objectsIn(yaml).some((object) => at(object, "kind") === kind)).toBe(false);
    const object = objectOfKind(sharedOf(asked), kind);
    expect(at(object, "metadata", "name")).toBe(name);
    const command = yaml.split("\n").find((line) => line.includes(`"kind":"${kind}"`)) ?? "";
    const json = /^# +echo '(.*)' \| kubectl apply -f -$/.exec(command)?.[1] ?? "";
    expect(JSON.parse(json)).toEqual(object);
    expect(yaml).toContain(`kubectl get ${kind.toLowerCase()} ${name}`);
  });

  test("is a file of the tree that no overlay applies", () => {
    const tree = made(on({ platform: "eks" }), "kustomize");
    if (!tree.ok || tree.value.kind !== "kustomize") throw new Error("no tree");
    const { files, name } = tree.value;
    const file = files.find(({ path }) => path === `${name}/shared/eks.yaml`);
    expect(file?.text).toBe(sharedOf(on({ platform: "eks" })));
    const applied = files.filter(({ path }) => path.endsWith("kustomization.yaml")).map(({ text }) => text);
    expect(applied.join("\n")).not.toContain("shared/");
    expect(files.some(({ path }) => /storageclass/.test(path))).toBe(false);
  });

  test("is nothing where the platform has the class", () => {
    expect(made(on({ platform: "aks" }), "shared")).toMatchObject({ ok: false });
  });

  test("is taken once, however many parts bring it", () => {
    const object = { kind: "StorageClass", metadata: { name: "fast" } };
    const own = { kind: "Service", metadata: { name: "fast" } };
    const part = { objects: [object, own], prerequisites: [], notes: [] };
    const { addOns, shared, prerequisites } = takeShared([part, part]);
    expect(shared).toEqual([object]);
    expect(prerequisites).toHaveLength(1);
    expect(addOns.map(({ objects }) => objects)).toEqual([[own], [own]]);
  });
});

test("Istio on OpenShift is the platform's own: its class, neither Gateway API's CRDs nor istioctl by hand", () => {
  const yaml = yamlOf(on({ platform: "openshift", gateway: "istio" }));
  expect(at(objectOfKind(yaml, "Gateway"), "spec", "gatewayClassName")).toBe("openshift-default");
  expect(yaml).not.toContain("istioctl");
  expect(yaml).not.toContain("kubernetes-sigs/gateway-api/releases");
  expect(yaml).toContain("kubectl get clusterversion version");
  const elsewhere = yamlOf(on({ platform: "generic", gateway: "istio" }));
  expect(elsewhere).toContain("istioctl");
  expect(elsewhere).toContain("kubernetes-sigs/gateway-api/releases");
});
