import { ANY_WORKLOAD, type AskedWorkload, isAnyWorkload } from "../selection/asked-workload";
import { numberParam, type Param, type ParamTable, type WordsTable } from "./param";
import { shareParam } from "./share-param";

/** What an address says of the reader's own requests. */
export interface WorkloadValues {
  /** `null` = not given. */
  lengths: { inputTokens: number; outputTokens: number } | null;
  cachedInputShare: number | null;
  turns: number | null;
}

const MAX_TOKENS = 10_000_000;
const MAX_TURNS = 1000;

const lengths: Param<WorkloadValues["lengths"]> = {
  name: "lengths",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return null;
    const [input, output] = /^(\d{1,8}):(\d{1,8})$/.exec(text)?.slice(1).map(Number) ?? [];
    const isLength = (tokens: number | undefined): tokens is number =>
      tokens !== undefined && tokens >= 1 && tokens <= MAX_TOKENS;
    if (isLength(input) && isLength(output)) return { inputTokens: input, outputTokens: output };
    refuse(text, "INPUT:OUTPUT in tokens, e.g. 2000:300");
    return null;
  },
  write: (of) => (of === null ? [] : [`${of.inputTokens}:${of.outputTokens}`]),
};

/** Parameters of the reader's own requests, in the order links are written. */
export const WORKLOAD_PARAMS: ParamTable<WorkloadValues> = {
  lengths,
  cachedInputShare: shareParam("cached"),
  turns: numberParam("turns", { min: 1, max: MAX_TURNS, whole: true }),
};

/** What there is to say of them. */
export function workloadWords(): WordsTable<WorkloadValues> {
  return {
    lengths: {
      values:
        "the lengths of your own requests, `INPUT:OUTPUT` in tokens; without `workload` the nearest measured one answers, with what differs",
      otherwise: "those of the workload",
      commandLine: {
        flag: "--lengths <input:output>",
        help: "tokens of your own requests, e.g. 2000:300; the nearest measured workload answers",
      },
    },
    cachedInputShare: {
      values: "percent of your input that is there from before (a shared prefix, earlier turns), 0 to 100",
      otherwise: "not said",
      commandLine: { flag: "--cached <percent>", help: "percent of your input that is there from before" },
    },
    turns: {
      values: "requests of one conversation, 1 to 1000",
      otherwise: "not said",
      commandLine: { flag: "--turns <n>", help: "requests of one conversation" },
    },
  };
}

/** The workload that values ask for; `null` where they say nothing. */
export function askedWorkloadOf({ lengths: of, cachedInputShare, turns }: WorkloadValues): AskedWorkload | null {
  const asked = { ...ANY_WORKLOAD, ...of, cachedInputShare, turns };
  return isAnyWorkload(asked) ? null : asked;
}

/** The inverse of {@link askedWorkloadOf}. */
export function valuesOfWorkload(asked: AskedWorkload | null): WorkloadValues {
  const { inputTokens, outputTokens } = asked ?? ANY_WORKLOAD;
  return {
    lengths: inputTokens === null || outputTokens === null ? null : { inputTokens, outputTokens },
    cachedInputShare: asked?.cachedInputShare ?? null,
    turns: asked?.turns ?? null,
  };
}
