import type { Configuration, Parallelism } from "../../domain";
import { argumentName } from "../../measurement/server-arguments/argument-table";
import { argumentTable } from "../../measurement/server-arguments/tables";
import { isSettings } from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { Platform } from "../platforms/platform";
import type { ModelServer } from "../servers/server";
import type { Deployable } from "./choice";
import { type MeasuredShape, measuredShape, type ReplicaLayout } from "./replica-layout";
import type { ServingRole } from "./server-plan";

/** How prefill and decode servers were laid out; `measuredReplicas` says how many of each. */
export interface DisaggregatedLayout {
  prefill: ReplicaLayout;
  decode: ReplicaLayout;
}

const ROLES = /^p(\d+)x\(([^()]+)\)\+d(\d+)x\(([^()]+)\)$/;

/** Parallel sizes among the arguments of a role, which say more than a label; `null` where they do not say the tensor size. */
function recordedSizes({ server, settings }: Configuration, role: ServingRole): Parallelism | null {
  const part = settings.serverArguments?.[role];
  if (part === undefined || !isSettings(part)) return null;
  const table = argumentTable(server);
  const sizes: Parallelism = { label: null, tensor: null, pipeline: null, data: null, expert: null, context: null };
  for (const [written, value] of Object.entries(part)) {
    const fact = table.facts[argumentName(table, written)];
    const isSize = fact === "tensor" || fact === "pipeline" || fact === "data" || fact === "expert";
    if (isSize && typeof value === "number") sizes[fact] = value;
  }
  // vLLM has a switch in the place of a size.
  if (part["enable-expert-parallel"] === true) sizes.expert ??= (sizes.tensor ?? 1) * (sizes.data ?? 1);
  return sizes.tensor === null ? null : sizes;
}

function roleLayout(
  choice: Deployable,
  server: ModelServer,
  role: ServingRole,
  replicas: number,
  label: string,
  total: number | null,
): Result<ReplicaLayout> {
  const { configuration, accelerator } = choice;
  const unclear = (why: string) =>
    refused(`Measured as "${configuration.parallelism.label}": ${why}, so the ${role} servers cannot be written down.`);
  if (replicas < 1) return unclear(`${replicas} ${role} servers`);
  if (total === null) return unclear(`how many accelerators did ${role} is not recorded`);
  if (total % replicas !== 0) return unclear(`${total} accelerators are not shared evenly by ${replicas} servers`);
  const unknown = { label, tensor: null, pipeline: null, data: null, expert: null, context: null };
  const recorded = recordedSizes(configuration, role);
  const one = { ...configuration, acceleratorCount: total / replicas, parallelism: recorded ?? unknown };
  const shape: Result<MeasuredShape> = measuredShape(one, server.devicesPerAccelerator(accelerator), server.label);
  if (!shape.ok) return shape;
  if (shape.value.measuredReplicas !== 1) return unclear("replicas inside a replica");
  const layout = server.layout(shape.value);
  return !layout.ok ? layout : ok({ ...layout.value, measuredReplicas: replicas });
}

/**
 * Prefill and decode as the label says, e.g. `p1x(tp4)+d3x(tp4)`: servers × layout of each, which must agree with the
 * accelerators recorded for each. Nothing is guessed.
 */
export function disaggregatedLayout(choice: Deployable, server: ModelServer): Result<DisaggregatedLayout> {
  const { configuration } = choice;
  const { label } = configuration.parallelism;
  const match = ROLES.exec(label?.toLowerCase() ?? "");
  if (match === null) {
    return refused(
      `Measured with prefill and decode on separate servers, and how many of each and how each was laid out is not recorded in full (${label === null ? "no layout" : `"${label}"`}; p1x(tp4)+d3x(tp4) would say it), so they cannot be written down.`,
    );
  }
  const [, prefills = "", prefillLabel = "", decodes = "", decodeLabel = ""] = match;
  const { prefillAccelerators, decodeAccelerators, acceleratorCount } = configuration;
  const prefill = roleLayout(choice, server, "prefill", Number(prefills), prefillLabel, prefillAccelerators);
  if (!prefill.ok) return prefill;
  const decode = roleLayout(choice, server, "decode", Number(decodes), decodeLabel, decodeAccelerators);
  if (!decode.ok) return decode;
  if ((prefillAccelerators ?? 0) + (decodeAccelerators ?? 0) !== acceleratorCount) {
    return refused(
      `${prefillAccelerators} accelerators for prefill and ${decodeAccelerators} for decode are not the ${acceleratorCount} of the measurement; what the rest did is not recorded.`,
    );
  }
  const problem = server.handoverProblem(prefill.value, decode.value);
  if (problem !== null) return refused(problem);
  return ok({ prefill: prefill.value, decode: decode.value });
}

/** What the options lack for prefill and decode apart, as one sentence that names each; `null` = nothing. */
export function disaggregatedOptionProblem(options: ManifestOptions, platform: Platform): string | null {
  const wanted: string[] = [];
  if (options.gateway === "none") {
    wanted.push("a gateway (its endpoint picker pairs a prefill with a decode server for each request)");
  }
  if (options.rdmaResource === null) {
    if (platform.unwrittenRdma !== undefined) {
      wanted.push(`the platform generic (RDMA as ${platform.unwrittenRdma.clusters} it is not written)`);
    }
    wanted.push(
      "the RDMA resource of the cluster, e.g. rdma/ib (the KV cache goes over the network with every request; which one was measured is not recorded, and without RDMA the figures do not hold)",
    );
  }
  if (options.autoscaler !== "none") {
    wanted.push("the autoscaler none (prefill and decode were measured in one proportion only)");
  }
  if (options.monitoring !== "none") {
    wanted.push(
      "the monitoring none (each server sees its part of a request: latencies of the whole are not among its metrics)",
    );
  }
  if (options.benchmarkJob) {
    wanted.push("no benchmark Job (it would go to the servers past the gateway that pairs them)");
  }
  if (wanted.length === 0) return null;
  return `Measured with prefill and decode on separate servers. That needs other options: choose ${wanted.join("; ")}.`;
}

/** What a reader must know about prefill and decode apart. */
export function disaggregatedNotes(prefill: ReplicaLayout, decode: ReplicaLayout): string[] {
  return [
    `Prefill and decode run on servers of their own, ${prefill.measuredReplicas} : ${decode.measuredReplicas} as measured; figures are of all of them together. Scale both by the same factor.`,
    "Which network the measurement had is not recorded; every request's KV cache crosses it, so a slower one means a longer time to first token.",
  ];
}
