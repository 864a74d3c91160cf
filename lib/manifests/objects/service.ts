import type { V1Service } from "@kubernetes/client-node";
import type { Identity } from "../platforms/platform";
import { HTTP_PORT } from "../servers/vllm";

/** Inside the cluster, `http://NAME:8000`. */
export function service(identity: Identity): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: identity.name, labels: identity.labels },
    spec: {
      type: "ClusterIP",
      selector: identity.selector,
      ports: [{ name: "http", port: HTTP_PORT, targetPort: "http", protocol: "TCP" }],
    },
  };
}
