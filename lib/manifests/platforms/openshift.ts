import { NEURON_EXTENSION } from "../devices/neuron";
import { COLLECTORS, collectorOf } from "../monitoring/collectors";
import { claimsDevices, type ManifestOptions } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import type { ServerUser } from "../plan/server-plan";
import { CACHE_PATH, claimsVolume } from "../storage/cache";
import { commented } from "../write/commented";
import { generic } from "./generic";
import { OPENSHIFT_PROMETHEUS } from "./openshift-prometheus";
import type { Platform, PlatformIstio } from "./platform";

/** SCC of OpenShift that ordinary pods are admitted by. */
const SCC = "restricted-v2";

/** Whether the server asks for more than the restricted SCC gives: a capability, or root by name. */
function needsMore({ pod, container }: ServerUser): boolean {
  return (container.capabilities?.add?.length ?? 0) > 0 || pod.runAsUser === 0 || container.runAsUser === 0;
}

function arbitraryUser(user: ServerUser): ServerUser {
  if (needsMore(user)) {
    return {
      ...user,
      comment: `${user.comment}. On OpenShift ${SCC} does not admit this: bind an SCC that does to the pod's service account`,
    };
  }
  const madeForRoot = user.pod.runAsNonRoot !== true;
  return {
    pod: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    container: { ...user.container, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    comment: `no user ids: OpenShift gives each namespace a range of its own, and group 0 (SCC ${SCC})${
      madeForRoot
        ? ". The image is made for root: where it fails under such an id, let it be root with the SCC anyuid on the pod's service account"
        : ""
    }`,
    containerComments: user.containerComments,
    writablePaths: user.writablePaths,
  };
}

const MONITORING: Prerequisite = {
  what: "Monitoring of user workloads (enableUserWorkload: true in the ConfigMap cluster-monitoring-config of openshift-monitoring): its Prometheus reads the PodMonitor and rules of this namespace.",
  check: "kubectl -n openshift-user-workload-monitoring get pods",
  install: [],
};

/** Certified operators from OperatorHub; where devices come by claims, they bring only the driver and the container toolkit. */
function nvidiaOperator(options: ManifestOptions): Prerequisite {
  const volume = claimsVolume(options) ? ", and a default StorageClass" : "";
  const operators = "with the Node Feature Discovery and NVIDIA GPU operators (certified, from OperatorHub)";
  return claimsDevices(options)
    ? {
        what: `OpenShift 4.21 (Kubernetes 1.34) or later ${operators}, the ClusterPolicy of the latter with devicePlugin.enabled: false${volume}.`,
        check: "kubectl get clusterpolicies.nvidia.com -o jsonpath='{.items[*].spec.devicePlugin.enabled}'",
        install: [],
      }
    : {
        what: `OpenShift 4.17 or later ${operators}, each with its default instance${volume}.`,
        check: "kubectl get clusterpolicies.nvidia.com",
        install: [],
      };
}

/**
 * OpenShift's ingress operator owns the CRDs of Gateway API (an admission policy refuses others) and runs Istio for classes of its
 * own controller; it turns the inference extension on once the CRD of InferencePool is there
 * (openshift/cluster-ingress-operator, `pkg/operator/controller/gatewayclass`).
 */
const ISTIO: PlatformIstio = {
  gatewayClass: {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: "openshift-default" },
    spec: { controllerName: "openshift.io/gateway-controller/v1" },
  },
  prerequisites: [
    {
      what: "OpenShift 4.19.9 or later: its ingress operator brings Gateway API and, for that class, Istio. Install neither by hand.",
      check: "kubectl get clusterversion version -o jsonpath='{.status.desired.version}'",
      install: [],
    },
  ],
};

/**
 * Red Hat OpenShift: nodes by the labels the GPU operators set, no fixed user ids. No Route: it would open the server to
 * everyone who can reach the router, without a key; who wants that puts a gateway with authentication in front.
 */
export const openshift: Platform<"openshift"> = {
  id: "openshift",
  label: "OpenShift",
  help: "Restricted SCC without fixed user ids, GPU operator's labels, monitoring of user workloads",
  seller: null,
  lacks: generic.lacks,
  placement: generic.placement,
  podAnnotations: {},
  environment: () => [
    commented(
      { name: "HOME", value: CACHE_PATH },
      { name: "a user id without a name has no home directory it can write to" },
    ),
  ],
  storageClass: () => null,
  prerequisites: (options, accelerator) => [
    ...(accelerator.kubernetesResource === "nvidia.com/gpu"
      ? [nvidiaOperator(options)]
      : generic.prerequisites(options, accelerator)),
    ...(collectorOf(options) === COLLECTORS.own ? [MONITORING] : []),
  ],
  user: arbitraryUser,
  istio: ISTIO,
  defaults: { metrics: "prometheus-adapter", monitoring: "prometheus-operator" },
  ownPrometheus: OPENSHIFT_PROMETHEUS,
  networkPolicyCheck: () => ({
    what: "A cluster whose network plugin enforces NetworkPolicy (OVNKubernetes does); others ignore it:",
    check: "kubectl get networks.config.openshift.io cluster -o jsonpath='{.status.networkType}'",
  }),
  neuronScheduler: {
    name: "neuron-scheduler",
    prerequisite: {
      what: `${NEURON_EXTENSION} The AWS Neuron operator brings it.`,
      check: "kubectl get pods -A | grep neuron-scheduler",
      install: [],
    },
  },
};
