import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodesName } from "../../../lib/manifests/objects/kubernetes-names";
import { choice } from "./choice";
import { at, objectOfKind, podOf, yamlOf } from "./read-bundle";

describe("what makes nodes belongs to the whole cluster", () => {
  test.each([
    ["eks-karpenter", "NodePool", "karpenter.sh/nodepool"],
    ["gke-autopilot", "ComputeClass", "cloud.google.com/compute-class"],
  ])("on %s two namespaces have a %s of their own, which their pods name", (platform, kind, label) => {
    const names = ["llm", "llm-prod"].map((namespace) => {
      const one = choice({ options: { platform, namespace, clusterName: "prod" } });
      const name = at(objectOfKind(yamlOf(one), kind), "metadata", "name");
      expect(at(podOf(one), "nodeSelector", label)).toBe(name);
      return name;
    });
    expect(names[0]).not.toBe(names[1]);
  });

  test("has a name that is a label value and differs by namespace, however long both are", () => {
    const part = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,60}[a-z0-9])?$/);
    fc.assert(
      fc.property(part, part, part, (name, namespace, other) => {
        const made = nodesName(name, namespace);
        expect(made).toMatch(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        if (namespace !== other) expect(made).not.toBe(nodesName(name, other));
      }),
    );
    expect(nodesName("a-bundle", null)).toBe("a-bundle");
  });
});
