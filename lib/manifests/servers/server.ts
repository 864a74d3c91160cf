import type { Accelerator } from "../../catalogue/catalogue";
import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { Choice, Deployable } from "../plan/choice";
import type { Identity } from "../plan/identity";
import type { MeasuredShape, ReplicaLayout } from "../plan/replica-layout";
import type { Argument, Loading, Weights } from "../plan/served-weights";
import type { ServerPlan, ServingRole } from "../plan/server-plan";
import type { Hardware, Shutdown } from "../plan/start-and-stop-times";

/** What a server's plan is made from. */
export interface ServerRequest {
  choice: Choice;
  options: ManifestOptions;
  layout: ReplicaLayout;
  weights: Weights;
  /** First argument: what the storage makes of the weights. */
  model: string;
  /** Flags the storage needs. */
  storageArguments: readonly Argument[];
  /** Requests in flight a pod has at the operating point; `null` when it cannot be told. */
  inFlight: number | null;
  startupSeconds: number;
  /** Names and labels of the bundle's objects, by the image's tag. */
  identity: (tag: string) => Identity;
  /** What this server does of a request; `null` = all of it. */
  role: ServingRole | null;
}

/** What was measured, and on what. */
export type Measured = Pick<Deployable, "configuration" | "accelerator">;

/** One model server on the accelerators it can be written for. A new one is one file and its line in `all.ts`. */
export interface ModelServer {
  /** As reports name it: `vllm`, `sglang`, `trtllm`. */
  name: string;
  label: string;
  /** Why it is not written for this choice (accelerator, image, speculative decoding …); `null` if it is. Cheap. */
  refusal(choice: Deployable): string | null;
  /** Whether the measured version exports its load: what autoscalers, endpoint pickers and dashboards read. */
  exportsLoad(measured: Measured): boolean;
  /** Devices the server counts for one accelerator (2 where it counts cores, two a chip). */
  devicesPerAccelerator(accelerator: Accelerator): number;
  /** The measured shape as this server's flags count it, or why they cannot say it. */
  layout(shape: MeasuredShape): Result<ReplicaLayout>;
  loading(accelerator: Accelerator): Loading;
  /** Compile time decides the start-up budget. */
  hardware(accelerator: Accelerator): Hardware;
  /** Why one replica cannot span the machines of this layout; `null` if it can. Its plan then has a group. */
  groupRefusal(choice: Deployable, layout: ReplicaLayout): string | null;
  /** Why prefill and decode cannot run on servers of their own; `null` if they can. Its plan then follows the role. */
  disaggregatedRefusal(choice: Deployable): string | null;
  /** Why prefill servers of one layout cannot hand over to decode servers of the other; `null` if they can. */
  handoverProblem(prefill: ReplicaLayout, decode: ReplicaLayout): string | null;
  /** True where an operator of its own makes the pods and routes requests (Dynamo). */
  hasOperator?: true;
  plan(request: ServerRequest): Result<{ server: ServerPlan; stop: Shutdown }>;
}

/** Where every server listens, whatever its own default: Service, probes and scrape annotations of every bundle say it. */
export const HTTP_PORT = 8000;

/** Why a storage that loads by flags of vLLM cannot feed another server; `null` where it needs none. */
export function storageFlagProblem({ storageArguments, options }: ServerRequest, server: string): string | null {
  if (storageArguments.length === 0) return null;
  return `The storage ${options.storage} loads weights with flags of vLLM (${storageArguments.map((argument) => argument.value).join(" ")}); for ${server} choose hub, or a storage that mounts the weights as files.`;
}

/** Why a server's pod gets no variables of the namespace's Services, where none is known to hurt. */
export const NO_SERVICE_LINKS = "the server could take variables of Services in the namespace for settings of its own";

/** Kubernetes expands `$(NAME)` in arguments and reads `$$` as `$`: doubled, a name stays what it is. */
export function literalArgument(value: string): string {
  return value.replaceAll("$", "$$$$");
}
