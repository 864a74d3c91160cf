import { distance } from "fastest-levenshtein";

/** Names in `known` closest to `text`, best first, at most `limit`; ties in the order of `known`. */
export function nearestNames(text: string, known: readonly string[], limit = 3): string[] {
  const wanted = simplify(text);
  return known
    .map((name, index) => ({ name, index, distance: distanceBetween(wanted, simplify(name)) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, limit)
    .map((candidate) => candidate.name);
}

function simplify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "")
    .slice(0, 60);
}

/** Edit distance, lowered where one contains the other: people leave parts out more often than they mistype. */
function distanceBetween(a: string, b: string): number {
  const contained = a !== "" && b !== "" && (a.includes(b) || b.includes(a));
  return distance(a, b) * (contained ? 0.25 : 1);
}
