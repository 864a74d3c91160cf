import { nearestNames } from "../nearest-names";

/** Longest value or name quoted in a refusal. */
const MAX_QUOTED = 80;

/**
 * Why an address is refused whose parameters are not all known: a mistyped filter must not answer with everything.
 * @returns the first unknown parameter with its value, what is nearest and what is known; `null` where all are known
 */
export function unknownParam(params: URLSearchParams, known: readonly string[]): string | null {
  for (const [name, value] of params) {
    if (known.includes(name)) continue;
    const shown = `${name.slice(0, MAX_QUOTED)}=${value.slice(0, MAX_QUOTED)}`;
    const [nearest = ""] = nearestNames(name, known, 1);
    return `${shown}: there is no such parameter; did you mean ${nearest}? Known are ${known.join(", ")}`;
  }
  return null;
}
