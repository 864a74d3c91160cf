import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import { commented } from "../commented";
import { isNvidia } from "../hosts";
import { isAtLeast, type Release, serverImage } from "../image";
import type { ServerPlan, ServingRole } from "../parts";
import type { Deployable } from "../types";
import type { Argument } from "../weights";

/** llm-d runs prefill and decode on this image as it is: the first that surely brings NIXL. */
const NIXL_IN_IMAGE_SINCE: Release = { major: 0, minor: 23, patch: 0 };
const PROXY_IMAGE = "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.9.0";
/** Where decode servers listen behind their proxy, as in llm-d. */
const BEHIND_PROXY_PORT = 8200;
/** NIXL's default side channel. */
const NIXL_PORT = 5600;
const BLOCK_TOKENS = 128;

/** Why vLLM cannot run prefill and decode apart here; `null` if it can. */
export function vllmDisaggregatedRefusal({ accelerator, configuration }: Deployable): string | null {
  if (!isNvidia(accelerator)) {
    return `Prefill and decode apart are written for vLLM on NVIDIA GPUs, whose image brings NIXL; on ${accelerator.name} the KV cache is handed over by another connector, which the source does not record.`;
  }
  const image = serverImage(configuration.serverVersion, accelerator);
  if (image.kind === "refused") return image.reason;
  if (!isAtLeast(image.value.release, NIXL_IN_IMAGE_SINCE)) {
    return `Measured with prefill and decode apart on vLLM ${image.value.tag}; that the published image brings NIXL, which hands the KV cache over, is certain from v0.23.0 on only: measure with that, or deploy by hand with the image that was measured.`;
  }
  return null;
}

/** The port a server listens on. */
export function portOf(role: ServingRole | null, port: number): number {
  return role === "decode" ? BEHIND_PROXY_PORT : port;
}

/** Flags both roles need; `[]` where one server does all. */
export function kvTransferArguments(role: ServingRole | null): Argument[] {
  if (role === null) return [];
  return [
    {
      value: `--kv-transfer-config=${JSON.stringify({ kv_connector: "NixlConnector", kv_role: "kv_both" })}`,
      why: "decode servers read the KV cache out of the prefill servers' memory",
    },
    {
      value: `--block-size=${BLOCK_TOKENS}`,
      why: "the same on both sides, or blocks do not match; 128 as llm-d has it, the measured value is not recorded",
    },
  ];
}

function proxy(port: number): V1Container {
  return commented(
    {
      name: "routing-proxy",
      image: PROXY_IMAGE,
      imagePullPolicy: "IfNotPresent",
      restartPolicy: "Always",
      args: [
        `--port=${port}`,
        `--vllm-port=${BEHIND_PROXY_PORT}`,
        "--kv-connector=nixlv2",
        "--secure-proxy=false",
        "--zap-log-level=1",
      ],
      ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
      securityContext: {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      },
    },
    {
      image: "llm-d's: has the prompt computed by the prefill server the picker named, then answers from this one",
      restartPolicy: "a sidecar: starts before the server and ends after it",
    },
  );
}

const SIDE_CHANNEL: V1EnvVar = commented(
  { name: "VLLM_NIXL_SIDE_CHANNEL_HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  { name: "the address the other side asks for this server's memory layout at" },
);

const KEEP_ALIVE: V1EnvVar = commented(
  { name: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE", value: "120" },
  { name: "the proxies keep their connections; 5 s, the default, closes them under a request" },
);

/** What a role adds to the server's plan; nothing where one server does all. */
export function disaggregatedPart(
  role: ServingRole | null,
  port: number,
): { environment: V1EnvVar[]; plan: Pick<ServerPlan, "ports" | "proxy"> } {
  if (role === null) return { environment: [], plan: {} };
  const ports = [{ name: "nixl", containerPort: NIXL_PORT, protocol: "TCP" }];
  return role === "decode"
    ? { environment: [SIDE_CHANNEL], plan: { ports, proxy: { container: proxy(port), behindPort: BEHIND_PROXY_PORT } } }
    : { environment: [SIDE_CHANNEL, KEEP_ALIVE], plan: { ports } };
}
