import { isNvidia } from "../../catalogue/hosts";
import type { Deployable } from "../plan/choice";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServingRole } from "../plan/server-plan";
import { BEHIND_PROXY_PORT, routingProxy } from "./routing-proxy";
import { isAtLeast, type Release } from "./server-image";
import { sglangImage } from "./sglang-image";

/** llm-d runs prefill and decode on this image as it is: the first that surely brings NIXL. */
const NIXL_IN_IMAGE_SINCE: Release = { major: 0, minor: 5, patch: 13 };
/** Where decode servers ask a prefill server for its layout; the default of SGLang and of llm-d's proxy. */
const BOOTSTRAP_PORT = 8998;

/** Why SGLang cannot run prefill and decode apart here; `null` if it can. */
export function sglangDisaggregatedRefusal({ accelerator, configuration }: Deployable): string | null {
  if (!isNvidia(accelerator)) {
    return `Prefill and decode apart are written for SGLang on NVIDIA GPUs, whose image brings NIXL; its image for ${accelerator.name} brings none, and what handed the KV cache over in the measurement is not recorded.`;
  }
  const image = sglangImage(configuration, accelerator);
  if (!image.ok) return image.error;
  if (!isAtLeast(image.value.release, NIXL_IN_IMAGE_SINCE)) {
    return `Measured with prefill and decode apart on SGLang ${image.value.tag}; that the published image brings NIXL, which hands the KV cache over, is certain from v0.5.13 on only: measure with that, or deploy by hand with the image that was measured.`;
  }
  const { speculative } = configuration;
  if (speculative !== null && speculative !== "" && speculative !== "none") {
    return `Measured with speculative decoding ("${speculative}") and prefill and decode apart; which of the two servers was started with it is not recorded: choose a configuration without it, or deploy by hand.`;
  }
  return null;
}

/** Why SGLang cannot hand the KV cache from one of these layouts to the other; `null` if it can. */
export function sglangHandoverProblem(prefill: ReplicaLayout, decode: ReplicaLayout): string | null {
  if (prefill.data > 1 || decode.data > 1) {
    return "Measured with data-parallel ranks in SGLang's prefill or decode servers; how requests find the rank that has their KV cache differs from release to release and is not recorded: choose a configuration without, or deploy by hand.";
  }
  if (prefill.tensor !== decode.tensor || prefill.pipeline !== decode.pipeline) {
    return `Measured with tensor × pipeline parallel ${prefill.tensor} × ${prefill.pipeline} in prefill and ${decode.tensor} × ${decode.pipeline} in decode; between unequal servers SGLang needs staging buffers whose sizes are not recorded: choose a configuration with equal ones, or deploy by hand.`;
  }
  return null;
}

/** Flags of a role; `[]` where one server does all. */
export function sglangRoleArguments(role: ServingRole | null): Argument[] {
  if (role === null) return [];
  return [
    { origin: "run", value: `--disaggregation-mode=${role}` },
    {
      origin: "run",
      value: "--disaggregation-transfer-backend=nixl",
      why: "as llm-d has it; what handed the KV cache over in the measurement is not recorded, and SGLang's own default is mooncake",
    },
    ...(role === "prefill"
      ? [
          {
            origin: "run" as const,
            value: `--disaggregation-bootstrap-port=${BOOTSTRAP_PORT}`,
            why: "where decode servers ask for this server's layout; the proxies name it to them",
          },
        ]
      : []),
  ];
}

/** What a role adds to the server's plan; nothing where one server does all. */
export function sglangRolePart(
  role: ServingRole | null,
  port: number,
): { plan: Pick<ServerPlan, "ports" | "proxy">; notes: string[] } {
  if (role === null) return { plan: {}, notes: [] };
  if (role === "prefill") {
    return { plan: { ports: [{ name: "bootstrap", containerPort: BOOTSTRAP_PORT, protocol: "TCP" }] }, notes: [] };
  }
  const container = routingProxy(
    port,
    "sglang",
    "llm-d's: sends each request to the prefill server the picker named and to this one at once, and tells both where they meet",
    [{ name: "SGLANG_BOOTSTRAP_PORT", value: String(BOOTSTRAP_PORT) }],
  );
  return {
    plan: { proxy: { container, behindPort: BEHIND_PROXY_PORT, answersAlone: false } },
    notes: [
      "Requests go through the gateway alone: its picker names a prefill and a decode server for each. SGLang's decode servers compute no prompts, so what is sent to the Service past the gateway fails.",
      "A request that is cancelled before its KV cache is handed over may hold memory of its prefill server until that restarts (llm-d, operations of SGLang).",
    ],
  };
}
