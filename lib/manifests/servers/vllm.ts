import { isAtLeast, type Release, type ServerImage } from "../image";
import type { ReplicaLayout } from "../layout";
import { maximumLength, maximumSequences } from "../lengths";
import type { Shutdown } from "../timing";
import type { Choice } from "../types";
import type { Argument, Weights } from "../weights";

export const HTTP_PORT = 8000;

const SHUTDOWN_TIMEOUT_SINCE: Release = { major: 0, minor: 18, patch: 0 };
const QUIET_ENDPOINTS_SINCE: Release = { major: 0, minor: 16, patch: 0 };
/** From here on the GPU image has the user `vllm` (2000, group 0) and works without root. */
const NON_ROOT_USER_SINCE: Release = { major: 0, minor: 23, patch: 0 };

/**
 * Models whose vLLM recipe starts them with `--trust-remote-code` (vllm-project/recipes, `base_args`): their tokenizer or
 * configuration is Python in the model's repository, and the server does not start without.
 */
const OWN_CODE_MODELS = [/^moonshotai\/Kimi-/, /^MiniMaxAI\/MiniMax-M2/];

/** `--shutdown-timeout` lets requests in flight finish after SIGTERM. */
export function hasShutdownTimeout(release: Release): boolean {
  return isAtLeast(release, SHUTDOWN_TIMEOUT_SINCE);
}

/** Whether the GPU image can run as a non-root user with a home of its own. */
export function hasNonRootUser(release: Release): boolean {
  return isAtLeast(release, NON_ROOT_USER_SINCE);
}

/** Kubernetes expands `$(NAME)` in arguments and reads `$$` as `$`: doubled, a name stays what it is. */
export function literalArgument(value: string): string {
  return value.replaceAll("$", "$$$$");
}

function parallelArguments(layout: ReplicaLayout): Argument[] {
  const args: Argument[] = [
    {
      value: `--tensor-parallel-size=${layout.tensor}`,
      why: layout.dataParallelAttention
        ? "attention data-parallel with parallel experts: in vLLM tensor parallel 1, one data-parallel rank an accelerator and expert parallelism"
        : undefined,
    },
  ];
  if (layout.pipeline > 1) args.push({ value: `--pipeline-parallel-size=${layout.pipeline}` });
  if (layout.data > 1) args.push({ value: `--data-parallel-size=${layout.data}` });
  if (layout.expertParallel) args.push({ value: "--enable-expert-parallel" });
  return args;
}

export interface ServerArguments {
  list: Argument[];
  /** What a reader might miss among the arguments, and why it is not there. */
  leftOut: string[];
  notes: string[];
}

/**
 * Arguments of `vllm serve` for this choice: what was measured, and what running under Kubernetes needs. Flags a report
 * does not record are left to the server's defaults.
 */
export function vllmArguments(
  choice: Choice,
  image: ServerImage,
  layout: ReplicaLayout,
  weights: Weights,
  stop: Shutdown,
  inFlight: number | null,
): ServerArguments {
  const { configuration } = choice;
  const notes: string[] = [];
  const leftOut: string[] = [];
  const list: Argument[] = [
    { value: literalArgument(weights.repository) },
    {
      value: `--served-model-name=${literalArgument(configuration.model)}`,
      why: "the name clients send; the first argument is what is loaded",
    },
    { value: `--port=${HTTP_PORT}` },
    ...parallelArguments(layout),
    ...weights.arguments,
  ];
  const length = maximumLength(choice);
  if (length.argument !== null) list.push(length.argument);
  else if (length.missingReason !== null) leftOut.push(length.missingReason);
  const sequences = maximumSequences(inFlight, layout.data);
  if (sequences !== null) list.push(sequences);
  if (OWN_CODE_MODELS.some((pattern) => pattern.test(configuration.model))) {
    list.push({
      value: "--trust-remote-code",
      why: "runs Python from the model's repository, as its vLLM recipe asks; pin --revision if that worries you",
    });
    notes.push(
      "--trust-remote-code is set: the vLLM recipe of this model needs it. It runs code from the model's repository.",
    );
  }
  if (isAtLeast(image.release, QUIET_ENDPOINTS_SINCE)) {
    list.push({ value: "--disable-access-log-for-endpoints=/health,/metrics,/v1/models" });
  }
  if (stop.drainSeconds !== null) {
    list.push({
      value: `--shutdown-timeout=${stop.drainSeconds}`,
      why: "by default SIGTERM aborts requests in flight at once",
    });
  }
  notes.push(...leftOut.map((reason) => `There is ${reason}.`));
  return { list, leftOut, notes };
}
