import { nearestNames } from "../nearest-names";

/** Longest value or name quoted in a refusal. */
const MAX_QUOTED = 80;

/**
 * Why an address is refused whose parameters are not all known, or of which one is said twice: a mistyped filter must not
 * answer with everything, nor one of two values be dropped.
 * @param repeated those that may be said several times
 * @returns the first unknown parameter with its value, what is nearest and what is known, or the first said twice; `null`
 *   where there is nothing to refuse
 */
export function refusedParam(
  params: URLSearchParams,
  known: readonly string[],
  repeated: readonly string[] = [],
): string | null {
  for (const [name, value] of params) {
    if (known.includes(name)) continue;
    const shown = `${name.slice(0, MAX_QUOTED)}=${value.slice(0, MAX_QUOTED)}`;
    const [nearest = ""] = nearestNames(name, known, 1);
    return `${shown}: there is no such parameter; did you mean ${nearest}? Known are ${known.join(", ")}`;
  }
  const twice = known.find((name) => !repeated.includes(name) && params.getAll(name).length > 1);
  return twice === undefined ? null : `${twice} is said more than once`;
}
