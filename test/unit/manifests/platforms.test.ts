import { describe, expect, test } from "vitest";
import type { Accelerator } from "../../../lib/catalogue/catalogue";
import { AMAZON, machinesFor, podShape } from "../../../lib/catalogue/machines";
import { completeOptions } from "../../../lib/manifests/options/complete-options";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { optionConflicts } from "../../../lib/manifests/options/option-conflicts";
import { PLATFORM_IDS } from "../../../lib/manifests/platforms/all";
import { GOOGLE_CLOUD } from "../../../lib/manifests/platforms/google-cloud";
import { type ChoiceParts, choice, H100, PLAN, tpu, withHardware } from "./choice";
import { at, containerOf, notesOf, objectOfKind, objectsIn, podOf, refusalOf, yamlOf } from "./read-bundle";

function nvidia(id: string, shortName: string, memoryGib: number, gkeAcceleratorLabel: string | null): Accelerator {
  return withHardware({ ...H100, id, name: `NVIDIA ${shortName}`, shortName, memoryGib, gkeAcceleratorLabel });
}

const L4 = nvidia("l4-24gb", "L4", 24, "nvidia-l4");
const A100_40 = nvidia("a100-sxm-40gb", "A100 SXM 40GB", 40, "nvidia-tesla-a100");
const A100_PCIE = nvidia("a100-pcie-80gb", "A100 PCIe 80GB", 80, null);
const H200 = nvidia("h200-sxm-141gb", "H200 SXM", 141, "nvidia-h200-141gb");
const GB200 = nvidia("gb200-nvl72", "GB200 NVL72", 185, "nvidia-gb200");
const MI300X: Accelerator = {
  ...nvidia("mi300x-192gb", "MI300X", 192, null),
  name: "AMD Instinct MI300X",
  vendor: "AMD",
  kubernetesResource: "amd.com/gpu",
  gkeNodeLabel: null,
};

/** A small model, so that every accelerator holds it. */
function on(options: AskedOptions, accelerator: Accelerator, count = 1, parts: ChoiceParts = {}) {
  return choice({
    ...parts,
    accelerator,
    configuration: { acceleratorCount: count },
    parallelism: { label: null, tensor: count },
    model: { weightBytes: 16e9 },
    options,
  });
}

const SPOT = {
  kind: "known" as const,
  usdPerAcceleratorHour: 1,
  usdPerHour: 2,
  usdPerMillionOutputTokens: 0.3,
  packing: { replicasPerMachine: 1, machinesPerReplica: 1 },
  discountPercent: 0,
  price: {
    priceId: "p",
    provider: "aws",
    instanceType: "p5.48xlarge",
    region: null,
    acceleratorId: "h100-sxm-80gb",
    acceleratorCount: 8,
    usdPerHour: 16,
    kind: "spot" as const,
    acceleratorOnly: false,
    asOf: null,
    source: "test",
    notes: null,
  },
};

describe("the platforms", () => {
  test("are these, under the ids addresses use", () => {
    expect(PLATFORM_IDS).toEqual([
      ...["gke", "gke-autopilot", "eks", "eks-karpenter", "aks", "oke", "openshift", "generic"],
    ]);
  });

  test("each say what must be there, most with a command that checks it", () => {
    for (const platform of PLATFORM_IDS) {
      const header = yamlOf(on({ platform }, H100, 8)).split("\n\n")[0] ?? "";
      expect(header).toMatch(/# Before\n(?:#.*\n)*# {3}kubectl get /);
    }
  });

  test("refuse what they do not sell, and the page can know before", () => {
    const cases: [AskedOptions["platform"], Accelerator, RegExp][] = [
      ["eks", MI300X, /No machine of AWS with AMD Instinct MI300X is known/],
      ["eks-karpenter", A100_PCIE, /No machine of AWS/],
      ["aks", L4, /No machine of Azure/],
      ["oke", A100_PCIE, /No machine of Oracle Cloud with NVIDIA A100 PCIe/],
      ["gke", MI300X, /Google Cloud sells no machines/],
      ["gke-autopilot", A100_PCIE, /No GKE node label/],
      ["gke-autopilot", GB200, /whole racks/],
      ["eks", GB200, /whole racks/],
    ];
    for (const [platform, accelerator, reason] of cases) {
      expect(refusalOf(on({ platform }, accelerator))).toMatch(reason);
      const [conflict] = optionConflicts(completeOptions({ platform }, accelerator), accelerator);
      expect(conflict).toMatchObject({ option: "platform", value: platform });
      expect(conflict?.reason).toMatch(reason);
    }
  });

  test("say what machine a smaller pod shares, racks' machines too", () => {
    const sentence = (accelerator: Accelerator) => notesOf(on({ platform: "gke" }, accelerator, 2));
    expect(sentence(H200)).toContain("GKE sells H200 SXM as a3-ultragpu-8g (8 GPUs); this pod uses 2.");
    expect(sentence(GB200)).toContain("GKE sells GB200 NVL72 as a4x-highgpu-4g (4 GPUs); this pod uses 2.");
  });

  test("refuse a replica that fits none of their machines", () => {
    expect(refusalOf(on({ platform: "aks" }, A100_PCIE, 8))).toMatch(/in machines of at most 4, one replica takes 8/);
  });

  test("give a pod a machine with room for its CPU and memory, never the bare minimum of accelerators", () => {
    // 20 GiB of memory and 3 CPUs an L4: the 16 GiB machines are too small
    expect(machinesFor(AMAZON, L4, podShape(L4, 1))[0]?.type).toBe("g6.2xlarge");
    expect(machinesFor(GOOGLE_CLOUD, L4, podShape(L4, 1))[0]?.type).toBe("g2-standard-8");
    expect(machinesFor(GOOGLE_CLOUD, L4, podShape(L4, 1, 18))[0]?.type).toBe("g2-standard-12");
  });
});

describe("on EKS with managed node groups", () => {
  test("pods go to the instance type that holds them", () => {
    expect(at(podOf(on({ platform: "eks" }, H100, 8)), "nodeSelector")).toEqual({
      "node.kubernetes.io/instance-type": "p5.48xlarge",
    });
  });

  test("pods go to any of several types with the accelerator, small ones named first", () => {
    const pod = podOf(on({ platform: "eks" }, H200, 8));
    const [rule] = [
      at(
        pod,
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
        0,
        "matchExpressions",
        0,
      ),
    ];
    expect(rule).toEqual({
      key: "node.kubernetes.io/instance-type",
      operator: "In",
      values: ["p5e.48xlarge", "p5en.48xlarge"],
    });
  });

  test("a machine larger than the replica is said", () => {
    expect(notesOf(on({ platform: "eks" }, A100_40, 2))).toContain(
      "p4d.24xlarge has 8 × A100 SXM 40GB, this pod uses 2",
    );
  });

  test("the cache lies on gp3 with more throughput than it has by default", () => {
    const yaml = yamlOf(on({ platform: "eks" }, L4));
    expect(yaml).toContain('"provisioner":"ebs.csi.aws.com","parameters":{"type":"gp3","throughput":"500"}');
    expect(yaml).toContain("storageClassName: inference-quickstart-gp3");
    expect(yaml).toContain("kubectl get csidriver ebs.csi.aws.com");
  });

  test("the node group's command names the cluster where it is known", () => {
    expect(yamlOf(on({ platform: "eks" }, L4))).toContain("eksctl create nodegroup --cluster CLUSTER ");
    expect(yamlOf(on({ platform: "eks", clusterName: "prod" }, L4))).toMatch(
      /eksctl create nodegroup --cluster prod --name \S+ --node-type g6\.2xlarge --nodes 1 --node-volume-size 100\n/,
    );
  });

  test("the node group's command makes the machines the planned replicas take", () => {
    const planned = { choice: { capacity: PLAN } };
    // four replicas of two GPUs fit one machine of eight, of eight GPUs each takes one
    expect(yamlOf(on({ platform: "eks" }, H100, 2, planned))).toContain("--node-type p5.48xlarge --nodes 1 ");
    expect(yamlOf(on({ platform: "eks" }, H100, 8, planned))).toContain("--node-type p5.48xlarge --nodes 4 ");
    expect(yamlOf(on({ platform: "aks" }, H100, 8, planned))).toContain("--node-count 4 ");
  });

  test("NVIDIA's device plugin comes with the feature discovery whose labels its DaemonSet looks for", () => {
    expect(yamlOf(on({ platform: "eks" }, L4))).toContain(
      "nvdp/nvidia-device-plugin -n kube-system --set gfd.enabled=true",
    );
  });
});

describe("on EKS with Karpenter", () => {
  const karpenter = (asked: AskedOptions, accelerator = H100, count = 2, parts: ChoiceParts = {}) =>
    on({ platform: "eks-karpenter", ...asked }, accelerator, count, parts);

  test("the bundle brings a node pool that makes just its machines, and its pods go there only", () => {
    const one = karpenter({}, H100, 2, { choice: { capacity: PLAN } });
    const pool = objectOfKind(yamlOf(one), "NodePool");
    const name = String(at(pool, "metadata", "name"));
    expect(at(podOf(one), "nodeSelector")).toEqual({ "karpenter.sh/nodepool": name });
    expect(at(pool, "spec", "template", "spec", "requirements")).toEqual([
      { key: "karpenter.k8s.aws/instance-gpu-name", operator: "In", values: ["h100"] },
      { key: "karpenter.k8s.aws/instance-gpu-count", operator: "In", values: ["8"] },
      { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
      { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
    ]);
    // four replicas planned, eight at most, four fit one machine of eight GPUs
    expect(at(pool, "spec", "limits")).toEqual({ "nvidia.com/gpu": "16" });
  });

  test("two sizes of one GPU are told apart by their memory", () => {
    expect(
      at(objectOfKind(yamlOf(karpenter({}, A100_40, 8)), "NodePool"), "spec", "template", "spec", "requirements", 2),
    ).toEqual({ key: "karpenter.k8s.aws/instance-gpu-memory", operator: "In", values: ["40960"] });
  });

  test("running servers are never moved", () => {
    const yaml = yamlOf(karpenter({}));
    expect(at(objectOfKind(yaml, "NodePool"), "spec", "disruption", "consolidationPolicy")).toBe("WhenEmpty");
    expect(
      at(
        objectOfKind(yaml, "Deployment"),
        "spec",
        "template",
        "metadata",
        "annotations",
        "karpenter.sh/do-not-disrupt",
      ),
    ).toBe("true");
  });

  test("a spot price makes spot machines", () => {
    const pool = objectOfKind(yamlOf(karpenter({}, H100, 8, { choice: { cost: SPOT } })), "NodePool");
    expect(at(pool, "spec", "template", "spec", "requirements", 2, "values")).toEqual(["spot", "on-demand"]);
  });

  test("a node class is written for a cluster that is named, else the existing one is used and checked", () => {
    const named = yamlOf(karpenter({ clusterName: "prod" }));
    expect(objectOfKind(named, "EC2NodeClass")).toMatchObject({
      spec: {
        role: "KarpenterNodeRole-prod",
        subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "prod" } }],
        instanceStorePolicy: "RAID0",
      },
    });
    const mounted = karpenter({ clusterName: "prod", storage: "pvc", storageSource: "models/a" });
    const disk = at(
      objectOfKind(yamlOf(mounted), "EC2NodeClass"),
      "spec",
      "blockDeviceMappings",
      0,
      "ebs",
      "volumeSize",
    );
    // machines without disks of their own keep the pod's caches there too
    expect(disk).toBe("112Gi");
    const unnamed = yamlOf(karpenter({}));
    expect(unnamed).not.toContain("kind: EC2NodeClass\nmetadata");
    expect(at(objectOfKind(unnamed, "NodePool"), "spec", "template", "spec", "nodeClassRef", "name")).toBe("default");
    expect(unnamed).toContain("kubectl get ec2nodeclass default");
    expect(unnamed).not.toMatch(/\$\{|<CLUSTER/);
  });

  test("claims are refused: no nodes would come", () => {
    expect(refusalOf(karpenter({ deviceAccess: "dra" }))).toMatch(
      /Karpenter makes no nodes for pods that get devices by claims/,
    );
  });

  test("a name that is no cluster's is refused", () => {
    for (const clusterName of ["a b", "$(id)", "x;y", "-x", "a/b", ""]) {
      const conflicts = optionConflicts(completeOptions({ platform: "eks-karpenter", clusterName }, H100), H100);
      expect(conflicts.some((conflict) => conflict.option === "clusterName")).toBe(true);
    }
  });
});

describe("on AKS", () => {
  test("pods tolerate Azure's own taint and the device plugin's, and go to the size that holds them", () => {
    const pod = podOf(on({ platform: "aks" }, A100_PCIE, 2));
    expect(at(pod, "tolerations")).toEqual([
      { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    ]);
    const yaml = yamlOf(on({ platform: "aks" }, A100_PCIE, 2));
    expect(yaml).toContain("--node-vm-size Standard_NC48ads_A100_v4");
    expect(yaml).toContain("storageClassName: managed-csi-premium");
    expect(objectsIn(yaml).some((object) => at(object, "kind") === "StorageClass")).toBe(false);
  });
});

describe("on GKE Autopilot", () => {
  test("a compute class brings the nodes, on demand first; the pod names the class and not the accelerator", () => {
    const one = on({ platform: "gke-autopilot" }, H100, 2);
    const computeClass = objectOfKind(yamlOf(one), "ComputeClass");
    const gpu = { type: "nvidia-h100-80gb", count: 2, driverVersion: "latest" };
    expect(at(computeClass, "spec", "priorities")).toEqual([
      { machineType: "a3-highgpu-2g", gpu, spot: false },
      { machineType: "a3-highgpu-2g", gpu, spot: true },
    ]);
    expect(at(computeClass, "spec", "activeMigration", "optimizeRulePriority")).toBe(false);
    expect(at(podOf(one), "nodeSelector")).toEqual({
      "cloud.google.com/compute-class": String(at(computeClass, "metadata", "name")),
    });
  });

  test("a machine is large enough for what the storage brings into the pod", () => {
    const plain = objectOfKind(yamlOf(on({ platform: "gke-autopilot" }, L4)), "ComputeClass");
    expect(at(plain, "spec", "priorities", 0, "machineType")).toBe("g2-standard-8");
    const cached = yamlOf(on({ platform: "gke-autopilot", storage: "gcsfuse", storageSource: "gs://models" }, L4));
    expect(at(objectOfKind(cached, "ComputeClass"), "spec", "priorities", 0, "machineType")).toBe("g2-standard-12");
  });

  test("TPU slices are asked for by topology", () => {
    const v6e = tpu("tpu-v6e", "tpu-v6e-slice", 32);
    const computeClass = objectOfKind(yamlOf(on({ platform: "gke-autopilot" }, v6e, 8)), "ComputeClass");
    expect(at(computeClass, "spec", "priorities", 0, "tpu")).toEqual({
      type: "tpu-v6e-slice",
      count: 8,
      topology: "2x4",
    });
  });

  test("a spot price puts spot machines first", () => {
    const cost = { ...SPOT, price: { ...SPOT.price, provider: "gcp" } };
    const computeClass = objectOfKind(
      yamlOf(on({ platform: "gke-autopilot" }, H100, 2, { choice: { cost } })),
      "ComputeClass",
    );
    expect(at(computeClass, "spec", "priorities", 0, "spot")).toBe(true);
  });

  test("a Standard cluster keeps its node pools and its node label", () => {
    const one = on({ platform: "gke" }, H100, 2);
    expect(at(podOf(one), "nodeSelector")).toEqual({ "cloud.google.com/gke-accelerator": "nvidia-h100-80gb" });
    expect(yamlOf(one)).not.toContain("kind: ComputeClass");
  });
});

describe("on OpenShift", () => {
  test("no user ids are fixed, so that the restricted SCC admits the pods with its own", () => {
    const one = on({ platform: "openshift" }, H100, 2);
    expect(at(podOf(one), "securityContext")).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(at(containerOf(one), "securityContext")).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(at(containerOf(one), "env")).toContainEqual({ name: "HOME", value: "/cache" });
  });

  test("an image made for root says what to do where it fails without", () => {
    const older = choice({ configuration: { serverVersion: "0.19.0" }, options: { platform: "openshift" } });
    expect(at(podOf(older), "securityContext", "runAsNonRoot")).toBe(true);
    expect(yamlOf(older)).toContain("anyuid");
    expect(yamlOf(on({ platform: "openshift" }, H100, 2))).not.toContain("anyuid");
  });

  test("pods find their nodes by the GPU operator's labels and are read by the cluster's own Prometheus", () => {
    const one = on({ platform: "openshift" }, H100, 2);
    expect(at(podOf(one), "nodeSelector")).toEqual({ "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
    const yaml = yamlOf(one);
    expect(yaml).toContain("kubectl get clusterpolicies.nvidia.com");
    expect(yaml).toContain("kubectl -n openshift-user-workload-monitoring get pods");
    expect(yaml).toContain("kind: PodMonitor");
    expect(yaml).not.toContain("helm install kube-prometheus-stack");
    expect(yaml).not.toContain("kind: Route");
  });
});
