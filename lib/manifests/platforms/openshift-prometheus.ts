import type { V1ObjectMeta, V1Role, V1RoleBinding, V1Secret, V1ServiceAccount } from "@kubernetes/client-node";
import { suffixed } from "../objects/kubernetes-names";
import type { Prerequisite } from "../plan/add-on";
import { commented } from "../write/commented";
import type { OwnPrometheus } from "./platform";

/** keda.sh/v1alpha1, as far as it is written here; no published TypeScript types follow the current one. */
interface TriggerAuthentication {
  apiVersion: "keda.sh/v1alpha1";
  kind: "TriggerAuthentication";
  metadata: V1ObjectMeta;
  spec: { secretTargetRef: { parameter: string; name: string; key: string }[] };
}

const QUERIER_HOST = "thanos-querier.openshift-monitoring.svc.cluster.local";

/** The querier of OpenShift's monitoring, at the port that answers for one namespace to who may read its pods' metrics. */
const THANOS_QUERIER = `https://${QUERIER_HOST}:9092`;

/**
 * What prometheus-adapter needs to ask the same monitoring. It reads every namespace, so it asks at the port that answers for
 * all of them, to who may view the cluster's monitoring.
 */
const ADAPTER_ACCESS: Prerequisite = {
  what: `Access for prometheus-adapter to OpenShift's own monitoring, which answers nobody without a token: --prometheus-url=https://${QUERIER_HOST}:9091, --prometheus-token-file of a service account with the ClusterRole cluster-monitoring-view, --prometheus-ca-file of the cluster's service CA (the autoscaler keda is written with its token):`,
  check: "kubectl get clusterrolebindings -o wide | grep cluster-monitoring-view",
  install: [
    "kubectl create clusterrolebinding prometheus-adapter-monitoring --clusterrole=cluster-monitoring-view --serviceaccount=NAMESPACE:prometheus-adapter",
  ],
};

/** Name of the service account, its token, its rights and the TriggerAuthentication. */
function metricsReaderName(bundle: string): string {
  return suffixed(bundle, "metrics");
}

/**
 * What KEDA needs to ask OpenShift's own monitoring, which answers nobody without a token: a service account that may read the
 * metrics of this namespace, and its token for the trigger (OpenShift documentation, "Configuring the custom metrics autoscaler
 * to use OpenShift Container Platform monitoring").
 */
function metricsReader(
  bundle: string,
  namespace: string,
): [V1ServiceAccount, V1Secret, V1Role, V1RoleBinding, TriggerAuthentication] {
  const name = metricsReaderName(bundle);
  const metadata: V1ObjectMeta = {
    name,
    labels: {
      "app.kubernetes.io/name": "metrics-reader",
      "app.kubernetes.io/instance": bundle,
      "app.kubernetes.io/component": "autoscaler",
      "app.kubernetes.io/managed-by": "inference-quickstart",
    },
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    commented(
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { ...metadata, annotations: { "kubernetes.io/service-account.name": name } },
        type: "kubernetes.io/service-account-token",
      },
      { type: "Kubernetes fills it with the account's token; KEDA shows that to OpenShift's monitoring" },
    ),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      subjects: [{ kind: "ServiceAccount", name, namespace }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    },
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "TriggerAuthentication",
      metadata,
      spec: {
        secretTargetRef: [
          { parameter: "bearerToken", name, key: "token" },
          { parameter: "ca", name, key: "ca.crt" },
        ],
      },
    },
  ];
}

/** OpenShift's monitoring of user workloads: a Prometheus of its own, which answers nobody without a token. */
export const OPENSHIFT_PROMETHEUS: OwnPrometheus = {
  namespace: "openshift-user-workload-monitoring",
  comment: "OpenShift's Prometheus for user workloads",
  dashboard: {
    what: "For the dashboard: a Grafana of your own whose sidecar reads ConfigMaps with the label grafana_dashboard, or import the JSON of the ConfigMap.",
    check: null,
    install: [],
  },
  adapterAccess: ADAPTER_ACCESS,
  keda: {
    operator: {
      what: "The Custom Metrics Autoscaler operator (KEDA 2.17 or later) from OperatorHub, with its KedaController in openshift-keda.",
      check: "kubectl -n openshift-keda get kedacontrollers",
      install: [],
    },
    needsNamespace:
      "OpenShift's monitoring tells KEDA the metrics of one namespace, which must stand in the ScaledObject: choose the namespace the server will run in, or another autoscaler.",
    serverAddress: THANOS_QUERIER,
    addressComment: "OpenShift's own monitoring, which answers for one namespace to who shows a token",
    authentication: metricsReaderName,
    accessObjects: metricsReader,
  },
};
