import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { ChartParts } from "../helm/chart";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { clusterWord, kubectlFor } from "../write/shell-commands";
import { type Gateway, gatewayAddOn } from "./gateway";
import { gatewayObject, httpRoute, POOL_GROUP, partLabels, poolName, requestTimeout } from "./objects";

interface PoolReference {
  group: string;
  kind: "InferencePool";
  name: string;
}

/** networking.gke.io/v1; no published TypeScript types exist. */
interface HealthCheckPolicy {
  apiVersion: "networking.gke.io/v1";
  kind: "HealthCheckPolicy";
  metadata: V1ObjectMeta;
  spec: {
    targetRef: PoolReference;
    default: {
      checkIntervalSec: number;
      timeoutSec: number;
      config: {
        type: "HTTP";
        httpHealthCheck: { portSpecification: "USE_FIXED_PORT"; port: number; requestPath: string };
      };
    };
  };
}

interface GcpBackendPolicy {
  apiVersion: "networking.gke.io/v1";
  kind: "GCPBackendPolicy";
  metadata: V1ObjectMeta;
  spec: { targetRef: PoolReference; default: { timeoutSec: number; logging: { enabled: boolean } } };
}

function healthCheckPolicy(
  context: BundleContext,
  metadata: V1ObjectMeta,
  targetRef: PoolReference,
): HealthCheckPolicy {
  return {
    apiVersion: "networking.gke.io/v1",
    kind: "HealthCheckPolicy",
    metadata,
    spec: {
      targetRef,
      default: {
        checkIntervalSec: 5,
        timeoutSec: 2,
        config: {
          type: "HTTP",
          httpHealthCheck: commented(
            {
              portSpecification: "USE_FIXED_PORT",
              port: context.server.port,
              requestPath: context.server.probes.liveness,
            },
            { requestPath: "the load balancer asks / by default, which a model server does not answer" },
          ),
        },
      },
    },
  };
}

function backendPolicy(context: BundleContext, metadata: V1ObjectMeta, targetRef: PoolReference): GcpBackendPolicy {
  const timeout = requestTimeout(context);
  return {
    apiVersion: "networking.gke.io/v1",
    kind: "GCPBackendPolicy",
    metadata,
    spec: {
      targetRef,
      default: commented(
        { timeoutSec: timeout.seconds, logging: { enabled: true } },
        { timeoutSec: `the load balancer's default of 30 s cuts long answers off; ${timeout.reason}` },
      ),
    },
  };
}

/** From where Google Cloud's load balancers check health. */
const HEALTH_CHECKS = ["130.211.0.0/22", "35.191.0.0/16"];
const PROXY_SUBNET_PATCH = `[{"op":"add","path":"/spec/ingress/-","value":{"from":[{"ipBlock":{"cidr":"RANGE"}}],"ports":[{"port":"http"}]}}]`;

const CHART: ChartParts = {
  provider: "none",
  route: false,
  policies: false,
  why: "the chart's own GKE policies end every request after 300 s: those beside this file say how long one may take",
};

/** GKE Inference Gateway: a load balancer of Google Cloud that asks the picker. */
export const gkeGateway: Gateway = {
  label: "GKE Inference Gateway",
  help: "Google's load balancer with the endpoint picker; GKE only",
  elsewhere: "GKE Inference Gateway exists on GKE only.",
  chart: CHART,
  ingress: (ports) => [
    commented(
      { from: HEALTH_CHECKS.map((cidr) => ({ ipBlock: { cidr } })), ports },
      { from: "health checks of Google Cloud's load balancers" },
    ),
  ],
  policyNotes: ({ options, identity }) => [
    `The gateway's proxies call from your proxy-only subnet, whose range is yours alone: until the NetworkPolicy knows it, requests through the gateway time out. ${kubectlFor(options)} patch networkpolicy ${identity.name} --type=json -p '${PROXY_SUBNET_PATCH}'`,
  ],
  plan(context) {
    const { name } = context.identity;
    const metadata = { name, labels: partLabels(context, "gateway") };
    const targetRef: PoolReference = { group: POOL_GROUP, kind: "InferencePool", name: poolName(context) };
    return gatewayAddOn(context, CHART, {
      entrance: [
        gatewayObject(
          context,
          "gke-l7-rilb",
          "inside the VPC, since the server asks for no key; gke-l7-regional-external-managed is reachable from outside",
        ),
      ],
      route: httpRoute(context, null, "no timeouts here: GKE takes them from the GCPBackendPolicy"),
      policies: [healthCheckPolicy(context, metadata, targetRef), backendPolicy(context, metadata, targetRef)],
      prerequisites: [
        {
          what: "The Gateway API of the cluster; GKE 1.34.0-gke.1626000 and later bring the InferencePool with it:",
          check: "kubectl get gatewayclass gke-l7-rilb",
          install: [
            `gcloud container clusters update ${clusterWord(context.options)} --location LOCATION --gateway-api=standard`,
          ],
        },
        {
          what: "A proxy-only subnet in the cluster's region and network:",
          check: "gcloud compute networks subnets list --filter=purpose=REGIONAL_MANAGED_PROXY",
          install: [],
        },
      ],
      notes: [],
    });
  },
};
