import type { V1EnvVar } from "@kubernetes/client-node";
import { isNvidia } from "../../catalogue/hosts";
import type { Deployable } from "../plan/choice";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServingRole } from "../plan/server-plan";
import { commented } from "../write/commented";
import { BEHIND_PROXY_PORT, routingProxy } from "./routing-proxy";
import { isAtLeast, type Release } from "./server-image";
import { serverImage } from "./vllm-image";

/** llm-d runs prefill and decode on this image as it is: the first that surely brings NIXL. */
const NIXL_IN_IMAGE_SINCE: Release = { major: 0, minor: 23, patch: 0 };
/** NIXL's default side channel. */
const NIXL_PORT = 5600;
const BLOCK_TOKENS = 128;

/** Why vLLM cannot run prefill and decode apart here; `null` if it can. */
export function vllmDisaggregatedRefusal({ accelerator, configuration }: Deployable): string | null {
  if (!isNvidia(accelerator)) {
    return `Prefill and decode apart are written for vLLM on NVIDIA GPUs, whose image brings NIXL; on ${accelerator.name} the KV cache is handed over by another connector, which the source does not record.`;
  }
  const image = serverImage(configuration, accelerator);
  if (!image.ok) return image.error;
  if (!isAtLeast(image.value.release, NIXL_IN_IMAGE_SINCE)) {
    return `Measured with prefill and decode apart on vLLM ${image.value.tag}; that the published image brings NIXL, which hands the KV cache over, is certain from v0.23.0 on only: measure with that, or deploy by hand with the image that was measured.`;
  }
  return null;
}

/** Why vLLM cannot hand the KV cache from one of these layouts to the other; `null` if it can. */
export function vllmHandoverProblem(prefill: ReplicaLayout, decode: ReplicaLayout): string | null {
  if (prefill.tensor <= decode.tensor) return null;
  return `Measured with more tensor parallelism in prefill (${prefill.tensor}) than in decode (${decode.tensor}); vLLM's NIXL connector hands the KV cache over the other way only (llm-d, known limitations).`;
}

/** Flags both roles need; `[]` where one server does all. */
export function kvTransferArguments(role: ServingRole | null): Argument[] {
  if (role === null) return [];
  return [
    {
      origin: "run",
      value: `--kv-transfer-config=${JSON.stringify({ kv_connector: "NixlConnector", kv_role: "kv_both" })}`,
      why: "decode servers read the KV cache out of the prefill servers' memory",
    },
    {
      origin: "run",
      value: `--block-size=${BLOCK_TOKENS}`,
      why: "the same on both sides, or blocks do not match; 128 as llm-d has it, the measured value is not recorded",
    },
  ];
}

const SIDE_CHANNEL: V1EnvVar = commented(
  { name: "VLLM_NIXL_SIDE_CHANNEL_HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  { name: "the address the other side asks for this server's memory layout at" },
);

const KEEP_ALIVE: V1EnvVar = commented(
  { name: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE", value: "120" },
  { name: "the proxies keep their connections; 5 s, the default, closes them under a request" },
);

const NOTES = [
  "Requests go through the gateway: its picker names a prefill and a decode server for each. The Service sends to the decode servers alone, which then do both: for a first test only.",
  "Where a prefill server restarts, restart the decode servers too: they may go on reading from the old one for up to an hour (vLLM issue 49238).",
];

/** What a role adds to the server's plan; nothing where one server does all. */
export function disaggregatedPart(
  role: ServingRole | null,
  port: number,
): { environment: V1EnvVar[]; plan: Pick<ServerPlan, "ports" | "proxy">; notes: string[] } {
  if (role === null) return { environment: [], plan: {}, notes: [] };
  const ports = [{ name: "nixl", containerPort: NIXL_PORT, protocol: "TCP" }];
  if (role === "prefill") return { environment: [SIDE_CHANNEL, KEEP_ALIVE], plan: { ports }, notes: [] };
  const container = routingProxy(
    port,
    "nixlv2",
    "llm-d's: has the prompt computed by the prefill server the picker named, then answers from this one",
  );
  return {
    environment: [SIDE_CHANNEL],
    plan: { ports, proxy: { container, behindPort: BEHIND_PROXY_PORT, answersAlone: true } },
    notes: NOTES,
  };
}
