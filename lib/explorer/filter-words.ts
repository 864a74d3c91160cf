import { formatPercent } from "../format";
import { DEFAULT_MAX_FAILED_SHARE } from "../selection/request-targets";
import type { Question } from "../selection/types";
import { precisionLabel, serverLabel } from "../words";
import { GRADE_WORDS } from "./grade-words";

/** Which figures count, in the order of the editor: `FP8 or more, vLLM, newest versions`; `all figures` where nothing is asked. */
export function filterText({
  only,
  requests,
  measuredOnly,
}: Pick<Question, "only" | "requests" | "measuredOnly">): string {
  const { precisionFloor, servers, speculative, newestVersionOnly, sources, measuredSince, grades } = only;
  const parts = [
    precisionFloor === null ? null : `${precisionLabel(precisionFloor)} or more`,
    servers.length === 0
      ? null
      : servers.map((server) => (server === "unknown" ? "server unknown" : serverLabel(server))).join(" or "),
    speculative === "any" ? null : `${speculative === "on" ? "with" : "without"} speculative decoding`,
    newestVersionOnly ? "newest versions" : null,
    measuredOnly ? "measured only" : null,
    sources.length === 0 ? null : `by ${sources.join(" or ")}`,
    measuredSince === null ? null : `since ${measuredSince}`,
    grades.length === 0 ? null : `${grades.map((grade) => GRADE_WORDS[grade].word).join(" or ")} answers`,
    requests.maxFailedShare === DEFAULT_MAX_FAILED_SHARE
      ? null
      : `up to ${formatPercent(requests.maxFailedShare)} failed`,
    requests.minGoodputShare === null ? null : `goodput of ${formatPercent(requests.minGoodputShare)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "all figures" : parts.join(", ");
}
