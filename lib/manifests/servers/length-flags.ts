import { formatCount } from "../../format";
import { type MemoryRoom, memoryRoom } from "../plan/memory-room";
import type { Argument } from "../plan/served-weights";
import type { ServerRequest } from "./server";

/** Data sets made with one length for every request; all others vary, and only their means are known. */
const FIXED_LENGTH_DATASETS = new Set(["random", "synthetic", "offline-batch"]);
/** Room for chat templates and longer answers. */
const FIXED_LENGTH_HEADROOM = 1.25;
/** Long requests of conversational data sets are several times the mean. */
const VARIABLE_LENGTH_HEADROOM = 4;
const LENGTH_STEP_TOKENS = 1024;

/** vLLM admits at least this many sequences at once by default on accelerators, in every version. */
const DEFAULT_SEQUENCES = 256;
/** Above the operating point, so that overload shows in the running requests the autoscaler watches. */
export const SEQUENCE_HEADROOM = 1.25;
const SEQUENCE_STEP = 64;

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** How a server calls the longest request, and what it does without. */
export interface LengthFlag {
  name: string;
  /** What to do where the length is not known; ends the sentence. */
  unknown: string;
}

/** Without it vLLM reserves for the model's whole context, and does not start where one such request would not fit. */
export const VLLM_LENGTH: LengthFlag = {
  name: "--max-model-len",
  unknown: "If the server reports that the KV cache is too small, set it to the longest request you expect",
};

/** The longest request from the workload as a flag, or `null` with the reason. */
export function maximumLength(
  { choice, layout, weights }: Pick<ServerRequest, "choice" | "layout" | "weights">,
  flag: LengthFlag,
): { argument: Argument | null; missingReason: string | null } {
  const { workload, model } = choice;
  const { inputTokens, outputTokens } = workload;
  const room = memoryRoom(choice, layout, weights);
  if (choice.options.context === "model") return modelsOwnLength(model?.contextLengthTokens ?? null, room, flag);
  if (inputTokens === null || outputTokens === null) {
    const own = model?.contextLengthTokens ?? null;
    // The model's own would be refused by the server where the memory does not hold one such request.
    if (room !== null && (own === null || own > room.longestTokens)) return modelsOwnLength(own, room, flag);
    return {
      argument: null,
      missingReason: `no ${flag.name}: the workload's lengths are not known, so the model's own context length holds. ${flag.unknown}`,
    };
  }
  const fixed = workload.dataset !== null && FIXED_LENGTH_DATASETS.has(workload.dataset);
  const headroom = fixed ? FIXED_LENGTH_HEADROOM : VARIABLE_LENGTH_HEADROOM;
  const wanted = roundUp((inputTokens + outputTokens) * headroom, LENGTH_STEP_TOKENS);
  const context = model?.contextLengthTokens ?? null;
  const length = context === null ? wanted : Math.min(wanted, context);
  const lengths = `${formatCount(inputTokens)} input + ${formatCount(outputTokens)} output tokens`;
  const rule = fixed
    ? "a quarter more for chat templates and longer answers"
    : "four times that, as these are means and requests vary";
  const limit = length < wanted ? "; limited to the model's context" : ", rounded up to 1,024";
  const sequences = room === null ? null : room.sequencesOf(length);
  if (room !== null && sequences === 0 && room.longestTokens > inputTokens + outputTokens) {
    return modelsOwnLength(length, room, flag);
  }
  return {
    argument: {
      origin: "choice",
      value: `${flag.name}=${length}`,
      why: `measured with ${lengths}; ${rule}${limit}. Longer requests are refused: raise it if you need them${roomText(sequences)}`,
    },
    missingReason: null,
  };
}

function roomText(sequences: number | null): string {
  return sequences === null || sequences === 0
    ? ""
    : `. By its size the KV cache of one engine holds about ${formatCount(sequences)} such ${sequences === 1 ? "request" : "requests"}`;
}

/** The model's own context, or as much of it as the memory holds. @param own tokens; `null` = not known */
function modelsOwnLength(
  own: number | null,
  room: MemoryRoom | null,
  flag: LengthFlag,
): { argument: Argument | null; missingReason: string | null } {
  if (room === null) {
    return {
      argument: null,
      missingReason: `no ${flag.name}: the model's own context length holds; whether the memory does is not known. ${flag.unknown}`,
    };
  }
  const fits = Math.floor(room.longestTokens / LENGTH_STEP_TOKENS) * LENGTH_STEP_TOKENS;
  if (fits === 0) {
    return { argument: null, missingReason: `no ${flag.name}: ${room.derivation}, which is none. ${flag.unknown}` };
  }
  const length = own === null ? fits : Math.min(own, fits);
  const limit =
    own !== null && length === own
      ? `the model's own; memory holds ${formatCount(fits)}`
      : `the longest the memory holds${own === null ? "" : `, the model's own is ${formatCount(own)}`}`;
  return {
    argument: {
      origin: "choice",
      value: `${flag.name}=${length}`,
      why: `${limit}: ${room.derivation}${roomText(room.sequencesOf(length))}`,
    },
    missingReason: null,
  };
}

/** The longest request among a server's arguments, or among what it leaves out, with a note. Adds to the lists it is given. */
export function addMaximumLength(
  request: Pick<ServerRequest, "choice" | "layout" | "weights">,
  flag: LengthFlag,
  { list, leftOut, notes }: { list: Argument[]; leftOut: string[]; notes: string[] },
): void {
  const { argument, missingReason } = maximumLength(request, flag);
  if (argument !== null) list.push(argument);
  else if (missingReason !== null) {
    leftOut.push(missingReason);
    notes.push(`There is ${missingReason}.`);
  }
}

/**
 * `--max-num-seqs` only where the operating point has more requests in flight than the server's default surely admits.
 * A cap at the operating point itself would hide overload from the autoscaler, so there is headroom above it.
 * @param ranks data-parallel engines share the requests, the flag counts per engine
 * @param admitted what the server's default surely admits
 */
export function maximumSequences(
  inFlight: number | null,
  ranks: number,
  admitted: number = DEFAULT_SEQUENCES,
): Argument | null {
  if (inFlight === null) return null;
  const perEngine = inFlight / ranks;
  if (perEngine * SEQUENCE_HEADROOM <= admitted) return null;
  return {
    origin: "choice",
    value: `--max-num-seqs=${roundUp(perEngine * SEQUENCE_HEADROOM, SEQUENCE_STEP)}`,
    why: `the operating point has ${formatCount(perEngine)} requests in flight${ranks === 1 ? "" : " in each data-parallel engine"}, more than the smallest default (${admitted}) with a quarter to spare; the measured value is not recorded`,
  };
}
