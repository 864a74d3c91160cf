import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import type { ServingRole } from "../plan/server-plan";
import { commented } from "../write/commented";

const IMAGE = "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.9.0";
/** Where decode servers listen behind their proxy, as in llm-d. */
export const BEHIND_PROXY_PORT = 8200;

/** The port a server listens on. */
export function portOf(role: ServingRole | null, port: number): number {
  return role === "decode" ? BEHIND_PROXY_PORT : port;
}

/**
 * llm-d's proxy before a decode server.
 * @param connector how the two servers are told of each other, as the proxy calls it: `nixlv2`, `sglang`
 * @param why of the image: what it does for this server
 */
export function routingProxy(port: number, connector: string, why: string, environment: V1EnvVar[] = []): V1Container {
  return commented(
    {
      name: "routing-proxy",
      image: IMAGE,
      imagePullPolicy: "IfNotPresent",
      restartPolicy: "Always",
      args: [
        `--port=${port}`,
        `--vllm-port=${BEHIND_PROXY_PORT}`,
        `--kv-connector=${connector}`,
        "--secure-proxy=false",
        "--zap-log-level=1",
      ],
      ...(environment.length === 0 ? {} : { env: environment }),
      ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
      securityContext: {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: commented(
        { requests: { cpu: "1", memory: "512Mi" }, limits: { memory: "2Gi" } },
        { requests: "it copies answers; without requests a namespace with a quota refuses the pod" },
      ),
    },
    { image: why, restartPolicy: "a sidecar: starts before the server and ends after it" },
  );
}
