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
  return levenshtein(a, b) * (contained ? 0.25 : 1);
}

function levenshtein(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
