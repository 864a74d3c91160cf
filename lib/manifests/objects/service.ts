import type { V1Service } from "@kubernetes/client-node";
import type { BundleContext } from "../plan/bundle-context";

/** Inside the cluster, `http://NAME:8000`. */
export function service({ identity, server, reach }: BundleContext): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: identity.name, labels: identity.labels },
    spec: {
      type: "ClusterIP",
      selector: reach.service,
      // A sidecar's port has no name that a Service finds before Kubernetes 1.33.
      ports: [
        {
          name: "http",
          port: server.port,
          targetPort: server.proxy === undefined ? "http" : server.port,
          protocol: "TCP",
        },
      ],
    },
  };
}
