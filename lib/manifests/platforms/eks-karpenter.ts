import type { V1NodeSelectorRequirement } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isNeuron } from "../../catalogue/hosts";
import { AMAZON } from "../../catalogue/machines";
import { formatCount } from "../../format";
import { ok } from "../../result";
import type { Ec2NodeClass, NodePool } from "../objects/karpenter";
import { nodesName } from "../objects/kubernetes-names";
import type { AddOn, Prerequisite } from "../plan/add-on";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { AMAZON_RDMA, amazonNetworkPolicyCheck, FSX_LUSTRE, mountpointForS3 } from "./amazon";
import { EKS_STORAGE_CLASS, eksLacks, eksPrerequisites, NODE_DISK_GIB } from "./eks";
import { generic } from "./generic";
import { fewestAccelerators, machinesForPods, machinesOf, spareNotes } from "./instance-types";
import type { NodesRequest, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

/** Node class taken where the cluster's name is not given: the one Karpenter's guide makes. */
const EXISTING_NODE_CLASS = "default";
const NODEPOOL_LABEL = "karpenter.sh/nodepool";
/** Longer than autoscalers take to bring a pod back after scaling down (10 minutes at most). */
const EMPTY_NODE_MINUTES = 15;

/** Labels of machines with so many of this accelerator, by Karpenter's own name; `[]` where that is not known. */
function acceleratorRequirements(accelerator: Accelerator, perNode: number): V1NodeSelectorRequirement[] {
  const { karpenterName: name, karpenterMemoryMib: memory } = accelerator.hardware ?? {};
  if (name === undefined || name === null) return [];
  if (isNeuron(accelerator)) {
    return [
      { key: "karpenter.k8s.aws/instance-accelerator-name", operator: "In", values: [name] },
      { key: "karpenter.k8s.aws/instance-accelerator-count", operator: "In", values: [String(perNode)] },
    ];
  }
  const list: V1NodeSelectorRequirement[] = [
    { key: "karpenter.k8s.aws/instance-gpu-name", operator: "In", values: [name] },
    { key: "karpenter.k8s.aws/instance-gpu-count", operator: "In", values: [String(perNode)] },
  ];
  if (memory !== undefined && memory !== null) {
    list.push({ key: "karpenter.k8s.aws/instance-gpu-memory", operator: "In", values: [String(memory)] });
  }
  return list;
}

function requirements(accelerator: Accelerator, perNode: number, spot: boolean): V1NodeSelectorRequirement[] {
  const capacity: V1NodeSelectorRequirement = commented(
    { key: "karpenter.sh/capacity-type", operator: "In", values: spot ? ["spot", "on-demand"] : ["on-demand"] },
    { key: spot ? "the price of this choice is a spot price" : "the price of this choice is not a spot price" },
  );
  return [
    ...acceleratorRequirements(accelerator, perNode),
    capacity,
    { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
  ];
}

function nodePool(context: NodesRequest, perNode: number, machines: string): NodePool {
  const { choice, identity, layout, scaling, options } = context;
  const replicas = options.autoscaler === "none" ? scaling.minimum : scaling.maximum;
  const pods = replicas * podsPerReplica(layout);
  const nodes = machinesForPods(pods, layout, perNode);
  const resource = choice.accelerator.kubernetesResource ?? "";
  const spot = choice.cost.kind === "known" && choice.cost.price?.kind === "spot";
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: nodesName(identity.name, options.namespace), labels: identity.labels },
    spec: {
      template: {
        spec: commented(
          {
            nodeClassRef: {
              group: "karpenter.k8s.aws",
              kind: "EC2NodeClass",
              name: options.clusterName === null ? EXISTING_NODE_CLASS : nodesName(identity.name, options.namespace),
            },
            requirements: requirements(choice.accelerator, perNode, spot),
            taints: [{ key: resource, value: "true", effect: "NoSchedule" }],
            expireAfter: "Never",
          },
          {
            nodeClassRef:
              options.clusterName === null ? "made with Karpenter; name the cluster to have one of its own" : undefined,
            requirements: `${machines}; of these the cheapest that holds the pod's CPU and memory`,
            taints: "keeps pods without the accelerator off expensive nodes",
            expireAfter:
              "a node's age must not end its servers; to renew nodes, restart the rollout and let empty ones go",
          },
        ),
      },
      disruption: commented(
        { consolidationPolicy: "WhenEmpty", consolidateAfter: `${EMPTY_NODE_MINUTES}m` },
        {
          consolidationPolicy: "moving a running server costs a model load",
          consolidateAfter: "longer than the autoscaler's slowest step down (10 minutes): the node may be wanted again",
        },
      ),
      limits: commented(
        { [resource]: String(nodes * perNode) },
        {
          [resource]: `${formatCount(pods)} pods at most, ${Math.max(1, Math.floor(perNode / layout.accelerators))} a node: ${nodes} × ${perNode}`,
        },
      ),
    },
  };
}

/** Whose driver the node's image must have. */
function imageVariant(accelerator: Accelerator): string {
  return isNeuron(accelerator) ? "Neuron" : "NVIDIA";
}

function nodeClass(context: NodesRequest, cluster: string): Ec2NodeClass {
  const discovery = [{ tags: { "karpenter.sh/discovery": cluster } }];
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name: nodesName(context.identity.name, context.options.namespace), labels: context.identity.labels },
    spec: commented(
      {
        role: `KarpenterNodeRole-${cluster}`,
        amiSelectorTerms: [{ alias: "al2023@latest" }],
        subnetSelectorTerms: discovery,
        securityGroupSelectorTerms: discovery,
        instanceStorePolicy: "RAID0",
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: commented(
              {
                volumeType: "gp3",
                volumeSize: `${NODE_DISK_GIB + context.storage.nodeDiskGib}Gi`,
                encrypted: true,
                deleteOnTermination: true,
              },
              { volumeSize: "20 GiB, the default, does not hold the server's image" },
            ),
          },
        ],
      },
      {
        role: "role and tags are named as in Karpenter's guide; change them where yours differ",
        amiSelectorTerms: `the ${imageVariant(context.choice.accelerator)} variant is taken on machines with these accelerators by itself. Pin the version that works for you: a new one marks nodes as drifted`,
        instanceStorePolicy:
          "where the machine has NVMe disks of its own, images and emptyDir volumes lie on them: faster, and large",
      },
    ),
  };
}

function nodeClassPrerequisites({ options, storage, choice }: NodesRequest): Prerequisite[] {
  if (options.clusterName !== null) {
    return [
      {
        what: `Subnets and security groups tagged karpenter.sh/discovery: ${options.clusterName}, and the node role KarpenterNodeRole-${options.clusterName}, as Karpenter's guide makes them.`,
        check: `aws iam get-role --role-name KarpenterNodeRole-${options.clusterName}`,
        install: [],
      },
    ];
  }
  return [
    {
      what: `An EC2NodeClass "${EXISTING_NODE_CLASS}" with an image that has the ${imageVariant(choice.accelerator)} driver (al2023 or bottlerocket) and a disk of at least ${NODE_DISK_GIB + storage.nodeDiskGib} GiB or instanceStorePolicy RAID0. Name the cluster to have one of its own written.`,
      check: `kubectl get ec2nodeclass ${EXISTING_NODE_CLASS} -o yaml`,
      install: [],
    },
  ];
}

/** Amazon EKS where Karpenter makes the nodes: a node pool of the bundle's own that fits exactly its pods. */
export const eksKarpenter: Platform<"eks-karpenter"> = {
  id: "eks-karpenter",
  label: "Amazon EKS with Karpenter",
  help: "Karpenter makes the nodes from a NodePool in the manifest; give the cluster's name to have a node class too",
  service: "EKS",
  mode: "Karpenter",
  seller: AMAZON,
  makesNodes: true,
  lacks: eksLacks,
  placement(accelerator: Accelerator, layout: ReplicaLayout, name: string) {
    const machines = machinesOf(AMAZON, accelerator, layout);
    if (!machines.ok) return machines;
    return ok({
      nodeSelector: { [NODEPOOL_LABEL]: name },
      tolerations: deviceTolerations(accelerator),
      comment: "the NodePool of this bundle: other pools may move running servers",
      notes: spareNotes(accelerator, layout, machines.value[0]),
    });
  },
  podAnnotations: { ...generic.podAnnotations, "karpenter.sh/do-not-disrupt": "true" },
  environment: () => [],
  storageClass: () => EKS_STORAGE_CLASS,
  prerequisites: (options, accelerator) => [
    {
      what: `Karpenter 1.x in the cluster ${clusterWord(options)}.`,
      check: "kubectl get crd nodepools.karpenter.sh ec2nodeclasses.karpenter.k8s.aws",
      install: [],
    },
    ...eksPrerequisites(options, accelerator),
  ],
  addOn(context): AddOn {
    const { choice, layout, options } = context;
    const machines = machinesOf(AMAZON, choice.accelerator, layout);
    if (!machines.ok) return { objects: [], prerequisites: [], notes: [] };
    const fewest = fewestAccelerators(machines.value);
    const names = fewest.map((machine) => machine.type).join(", ");
    const pool = nodePool(context, machines.value[0].accelerators, names);
    return {
      objects: options.clusterName === null ? [pool] : [nodeClass(context, options.clusterName), pool],
      prerequisites: nodeClassPrerequisites(context),
      notes: [],
    };
  },
  claimsProblem:
    "Karpenter makes no nodes for pods that get devices by claims (kubernetes-sigs/karpenter issue 3228): choose the platform eks, or the device plugin.",
  defaults: { metrics: "prometheus-adapter", monitoring: "none" },
  unwrittenRdma: AMAZON_RDMA,
  networkPolicyCheck: amazonNetworkPolicyCheck,
  lustre: FSX_LUSTRE,
  s3Driver: mountpointForS3,
};
