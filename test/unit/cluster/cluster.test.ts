import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bundleNeeds } from "@/lib/cluster/bundle-needs";
import { type ClusterFacts, clusterFacts, type InspectedKind } from "@/lib/cluster/cluster-facts";
import { fitPods, fitSentence, podGroupsOf } from "@/lib/cluster/fit-pods";
import { askedFor, checkBundle, inspectCluster } from "@/lib/cluster/inspection";
import { bundleCheckParts, inspectionParts } from "@/lib/cluster/inspection-text";
import { readKubectlText } from "@/lib/cluster/kubectl-text";
import { manifestObjects } from "@/lib/cluster/manifest-objects";
import { quantityOf } from "@/lib/cluster/quantity";
import { namerOf } from "@/lib/explorer/name-stock";
import { PLATFORM_IDS } from "@/lib/manifests/platforms/all";
import { shippedCatalogue } from "../shipped-figures";
import { definitionText, h100Node, listText, nodeText, podText } from "./cluster-texts";

const nameAccelerator = namerOf(shippedCatalogue().accelerators);

function factsOf(text: string, asked: readonly InspectedKind[] = []): ClusterFacts {
  const read = readKubectlText(text);
  if (!read.ok) throw new Error(read.error);
  return clusterFacts(read.value, nameAccelerator, asked);
}

const VERSION = JSON.stringify({
  clientVersion: { gitVersion: "v1.36.2" },
  serverVersion: { gitVersion: "v1.35.1-gke.1396000" },
});

describe("what kubectl prints", () => {
  it("is read one output after another, lists and single objects and the version", () => {
    const read = readKubectlText(
      `${VERSION}\n${listText(h100Node("a"), nodeText({ name: "b" }))}\n${JSON.stringify(nodeText({ name: "c" }))}`,
    );
    expect(read).toMatchObject({ ok: true, value: { serverVersion: "v1.35.1-gke.1396000" } });
    expect(read.ok ? read.value.objects.map((object) => (object.metadata as { name: string }).name) : []).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it.each([
    ["", /Nothing is here to read/],
    ["NAME STATUS ROLES\nnode-1 Ready <none>", /This is no JSON \(it begins with "NAME STATUS/],
    ['{"kind":"List","items":[]} {"a":', /This is no JSON, in output 2 of 2/],
    ['{"hello": 1}', /JSON, but nothing of a cluster/],
  ])("%j is refused with what was expected", (text, message) => {
    const read = readKubectlText(text);
    expect(read.ok ? "" : read.error).toMatch(message);
  });

  it("whatever it is, is read or refused with a sentence", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const read = readKubectlText(text);
        if (!read.ok) expect(read.error).toMatch(/[.!]$/);
        else clusterFacts(read.value, nameAccelerator);
      }),
    );
  });
});

describe("quantities", () => {
  it.each([
    ["500m", 0.5],
    ["16Gi", 16 * 2 ** 30],
    ["1e3", 1000],
    ["2.5", 2.5],
    [8, 8],
    ["1k", 1000],
  ])("%j is %d", (text, value) => expect(quantityOf(text)).toBe(value));

  it.each(["", "x", "-1", "1Zi", "1 Gi", null, Number.NaN])("%j is none", (text) =>
    expect(quantityOf(text)).toBeNull(),
  );
});

describe("an inspected cluster", () => {
  const facts = factsOf(
    `${VERSION}\n${listText(
      h100Node("gpu-1"),
      h100Node("gpu-2", { unschedulable: true }),
      h100Node("gpu-3", { ready: false }),
      nodeText({ name: "cpu-1", labels: { "cloud.google.com/gke-nodepool": "default" } }),
      podText("busy", "gpu-1", { "nvidia.com/gpu": "3", cpu: "10" }),
      podText("done", "gpu-1", { "nvidia.com/gpu": "4" }, "Succeeded"),
      definitionText("monitoring.googleapis.com", "PodMonitoring", "v1"),
      definitionText("keda.sh", "ScaledObject", "v1alpha1"),
      definitionText("inference.networking.k8s.io", "InferencePool", "v1"),
      {
        kind: "GatewayClass",
        metadata: { name: "gke-l7-regional-external-managed" },
        spec: { controllerName: "networking.gke.io/gateway" },
      },
      { kind: "StorageClass", metadata: { name: "standard-rwo" }, provisioner: "pd.csi.storage.gke.io" },
    )}`,
  );
  const inspection = inspectCluster(facts, PLATFORM_IDS);

  it("gives the stock of the nodes that take pods, and what is free of it", () => {
    expect(inspection.stock).toEqual([{ accelerator: "h100-sxm-80gb", count: 8, perMachine: 8 }]);
    expect(facts.nodes.map(({ closed }) => closed)).toEqual([null, "it is cordoned", "it is not ready", null]);
    expect(facts.nodes[0]?.free).toMatchObject({ "nvidia.com/gpu": 5, cpu: 195, pods: 109 });
  });

  it("answers platform, version, devices, monitoring, autoscaler and gateway, each with what says so", () => {
    expect(askedFor(inspection.options)).toEqual({
      platform: "gke",
      clusterVersion: { major: 1, minor: 35 },
      deviceAccess: "plugin",
      monitoring: "gmp",
      autoscaler: "keda",
      gateway: "gke",
    });
    expect(inspection.options.every(({ because }) => because !== "")).toBe(true);
  });

  it("is told in words, with what was not looked at", () => {
    const text = inspectionParts(inspection)
      .flatMap(({ lines }) => lines)
      .join("\n");
    expect(text).toContain("4 nodes, 2 of them closed (it is cordoned, it is not ready).");
    expect(text).toContain("Of 24 nvidia.com/gpu, 21 are free.");
    expect(text).toContain("platform=gke: nodes have the label cloud.google.com/gke-nodepool.");
  });

  it.each([
    ["eks-karpenter", { "karpenter.sh/nodepool": "gpu", "eks.amazonaws.com/nodegroup": "x" }],
    ["eks", { "eks.amazonaws.com/nodegroup": "x" }],
    ["aks", { "kubernetes.azure.com/cluster": "x" }],
    ["oke", { "oke.oraclecloud.com/pool.name": "x" }],
    ["openshift", { "node.openshift.io/os_id": "rhel" }],
    ["gke-autopilot", { "cloud.google.com/gke-autopilot": "true", "cloud.google.com/gke-nodepool": "x" }],
    ["generic", {}],
  ])("is known as %s by its nodes", (platform, labels: Record<string, string>) => {
    const { options } = inspectCluster(factsOf(listText(nodeText({ name: "n", labels }))), PLATFORM_IDS);
    expect(askedFor(options).platform).toBe(platform);
  });

  it("counts an accelerator that pods share once, and one that is cut in slices not at all", () => {
    const shared = (labels: Record<string, string>) =>
      nodeText({ name: "n", labels, allocatable: { "nvidia.com/gpu": "16" } });
    const stock = (labels: Record<string, string>) => inspectCluster(factsOf(listText(shared(labels))), PLATFORM_IDS);
    const product = { "nvidia.com/gpu.product": "NVIDIA-L4-SHARED" };
    expect(stock({ ...product, "nvidia.com/gpu.count": "4" }).stock).toEqual([
      { accelerator: "l4-24gb", count: 4, perMachine: 4 },
    ]);
    expect(stock(product).stock).toEqual([]);
    expect(stock(product).facts.problems.join()).toContain("shares each NVIDIA-L4 between several pods");
    const slices = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-MIG-1g.10gb", "nvidia.com/gpu.count": "8" };
    expect(stock(slices).stock).toEqual([]);
  });

  it("says of devices that only DRA offers", () => {
    const slice = {
      kind: "ResourceSlice",
      metadata: { name: "s" },
      spec: {
        driver: "gpu.nvidia.com",
        nodeName: "n",
        devices: [{ name: "gpu-0", attributes: { productName: { string: "NVIDIA H100 80GB HBM3" } } }],
      },
    };
    const { options, facts: of } = inspectCluster(factsOf(listText(nodeText({ name: "n" }), slice)), PLATFORM_IDS);
    expect(askedFor(options).deviceAccess).toBe("dra");
    expect(of.devices).toEqual([
      { driver: "gpu.nvidia.com", nodeName: "n", count: 1, products: ["NVIDIA H100 80GB HBM3"] },
    ]);
  });
});

const DEPLOYMENT = (replicas: number, gpus: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "llama" },
  spec: {
    replicas,
    template: {
      spec: {
        nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-h100-80gb" },
        tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
        containers: [
          {
            name: "server",
            resources: { requests: { cpu: "20", memory: "100Gi" }, limits: { "nvidia.com/gpu": String(gpus) } },
          },
        ],
      },
    },
  },
});

describe("pods of a manifest", () => {
  const placing = (replicas: number, gpus: number, ...nodes: object[]) => {
    const facts = factsOf(listText(...nodes));
    const [first] = fitPods(podGroupsOf([DEPLOYMENT(replicas, gpus)]), facts.nodes);
    return { placed: first?.placed, said: first === undefined ? "" : fitSentence(first, facts.nodes.length) };
  };

  it("are placed as far as accelerators reach", () => {
    expect(placing(4, 4, h100Node("a"), h100Node("b"))).toEqual({
      placed: 4,
      said: "Deployment llama: 4 pods can be scheduled on the nodes as they are.",
    });
    expect(placing(3, 8, h100Node("a"), h100Node("b"))).toMatchObject({
      placed: 2,
      said: "Deployment llama: 2 of 3 pods can be scheduled on the nodes as they are: every node has not enough nvidia.com/gpu left (a pod asks for 8).",
    });
  });

  it("take what running pods leave", () => {
    expect(placing(1, 8, h100Node("a"), podText("p", "a", { "nvidia.com/gpu": "1" })).placed).toBe(0);
    expect(placing(1, 8, h100Node("a"), podText("p", "a", { "nvidia.com/gpu": "1" }, "Failed")).placed).toBe(1);
  });

  it("pass over nodes by label, taint and cordon, and say which", () => {
    expect(placing(1, 1, nodeText({ name: "cpu" })).said).toContain(
      "every node has not the label cloud.google.com/gke-accelerator=nvidia-h100-80gb",
    );
    expect(placing(1, 1, h100Node("a", { unschedulable: true })).said).toContain("takes no pods (it is cordoned)");
    const reserved = { ...h100Node("a"), spec: { taints: [{ key: "team", value: "x", effect: "NoExecute" }] } };
    expect(placing(1, 1, reserved).said).toContain("has the taint team=x:NoExecute, which the pod does not tolerate");
    expect(placing(1, 1).said).toBe(
      "Deployment llama: 0 of 1 pod can be scheduled on the nodes as they are: there is no node.",
    );
  });

  it("of two kinds do not take the same accelerator twice", () => {
    const facts = factsOf(listText(h100Node("a")));
    const second = { ...DEPLOYMENT(1, 4), metadata: { name: "other" } };
    const fits = fitPods(podGroupsOf([second, DEPLOYMENT(1, 8)]), facts.nodes);
    expect(fits.map(({ group, placed }) => [group.name, placed])).toEqual([
      ["Deployment other", 0],
      ["Deployment llama", 1],
    ]);
  });

  it("of a group of machines are its leader and its workers", () => {
    const worker = { spec: DEPLOYMENT(1, 8).spec.template.spec };
    const group = {
      kind: "LeaderWorkerSet",
      metadata: { name: "g" },
      spec: { replicas: 2, leaderWorkerTemplate: { size: 3, workerTemplate: worker } },
    };
    expect(podGroupsOf([group]).map(({ name, pods }) => [name, pods])).toEqual([
      ["LeaderWorkerSet g, leaders", 2],
      ["LeaderWorkerSet g, workers", 4],
    ]);
  });

  it("never take more than there is, and one more node never places fewer", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 4 }),
        (replicas, gpus, count) => {
          const nodes = (of: number) => Array.from({ length: of }, (_, index) => h100Node(`n${index}`));
          const few = placing(replicas, gpus, ...nodes(count)).placed ?? 0;
          expect(few * gpus).toBeLessThanOrEqual(count * 8);
          expect(placing(replicas, gpus, ...nodes(count + 1)).placed).toBeGreaterThanOrEqual(few);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("what a manifest needs", () => {
  const MANIFEST = [
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: cache }\nspec: { accessModes: [ReadWriteOnce] }",
    "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: { name: m }",
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: g }\nspec: { gatewayClassName: istio }",
    "apiVersion: resource.k8s.io/v1\nkind: ResourceClaimTemplate\nmetadata: { name: c }\nspec: { spec: { devices: { requests: [{ name: gpu, exactly: { deviceClassName: gpu.nvidia.com } }] } } }",
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: h }\nspec: { metrics: [{ type: Pods }] }",
  ].join("\n---\n");

  it("is there, missing, or not known where nobody looked", () => {
    const all: InspectedKind[] = [
      "CustomResourceDefinition",
      "StorageClass",
      "GatewayClass",
      "DeviceClass",
      "APIService",
      "Node",
    ];
    const there = factsOf(
      listText(
        definitionText("monitoring.coreos.com", "PodMonitor", "v1"),
        definitionText("gateway.networking.k8s.io", "Gateway", "v1beta1"),
        { kind: "DeviceClass", metadata: { name: "gpu.nvidia.com" } },
        { kind: "APIService", metadata: { name: "x" }, spec: { group: "custom.metrics.k8s.io" } },
      ),
      all,
    );
    const states = (facts: ClusterFacts) =>
      Object.fromEntries(checkBundle(manifestObjects(MANIFEST), facts).needs.map(({ what, state }) => [what, state]));
    expect(states(there)).toEqual({
      "A default StorageClass": "missing",
      "PodMonitor (monitoring.coreos.com/v1)": "there",
      "Gateway (gateway.networking.k8s.io/v1)": "missing",
      "GatewayClass istio": "missing",
      "DeviceClass gpu.nvidia.com": "there",
      "The metrics API custom.metrics.k8s.io": "there",
    });
    expect(new Set(Object.values(states(factsOf(listText(nodeText({ name: "n" }))))))).toEqual(new Set(["unknown"]));
    const text = bundleCheckParts(checkBundle(manifestObjects(MANIFEST), there), 0).flatMap(({ lines }) => lines);
    expect(text[0]).toMatch(/^MISSING: /);
    expect(text.join("\n")).toContain("The cluster serves v1beta1 of it only.");
  });

  it("is not what the manifest brings itself", () => {
    const own = [
      { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast" } },
      { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec: { storageClassName: "fast" } },
    ];
    expect(bundleNeeds(own, factsOf(listText(nodeText({ name: "n" })), ["StorageClass"]))).toEqual([]);
  });
});
