import { plural } from "../../lib/format";

/** Why a task gave no output although nothing is wrong with the program. */
export interface TaskRefusal {
  kind: "refused";
  /** HTTP status. 429: too much at once; 503: too much memory; 504: too long. */
  status: 429 | 503 | 504;
  /** For the person who asked, in whole sentences, with the way out. */
  error: string;
  /** When the same request may do better; `null` where it will not. */
  retryAfterS: number | null;
}

/** What came of a task. */
export type TaskOutcome<T> =
  | { kind: "done"; output: T }
  | TaskRefusal
  /** Its signal was aborted: nobody waits for it any more. */
  | { kind: "abandoned" };

/** What takes long, and what to do about it, as the refusals of one task say it. */
export interface TaskWords {
  /** Begins a sentence: `Reading these files`. */
  what: string;
  /** A sentence: `Send fewer files at once.` */
  wayOut: string;
}

const MS_PER_S = 1000;

/** How long a refused sender is asked to wait. */
const RETRY_AFTER_S = 15;

export function refusedAsBusy(): TaskRefusal {
  const error = `The server has as much to do as it can hold. Send the request again in ${RETRY_AFTER_S} seconds.`;
  return { kind: "refused", status: 429, error, retryAfterS: RETRY_AFTER_S };
}

export function refusedAsTooLong({ what, wayOut }: TaskWords, timeLimitMs: number): TaskRefusal {
  const error = `${what} took longer than ${plural(Math.round(timeLimitMs / MS_PER_S), "second")} and was stopped. ${wayOut}`;
  return { kind: "refused", status: 504, error, retryAfterS: null };
}

export function refusedAsTooLarge({ what, wayOut }: TaskWords, memoryMib: number): TaskRefusal {
  const error = `${what} needed more than ${memoryMib} MiB of memory and was stopped. ${wayOut}`;
  return { kind: "refused", status: 503, error, retryAfterS: null };
}

/**
 * The output, for callers that can answer nothing but an error.
 * @throws where there is none
 */
export function outputOf<T>(outcome: TaskOutcome<T>): T {
  if (outcome.kind === "done") return outcome.output;
  throw new Error(outcome.kind === "refused" ? outcome.error : "Nobody waits for the outcome any more.");
}
