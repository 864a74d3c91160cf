import { type AcceleratorNames, resolveAccelerator } from "../ingest/facts/accelerators";
import type { StockItem } from "../selection/stock";
import type { NameAccelerator } from "../selection/stock-text";

/** Names accelerators by a catalogue: by id, name or alias; says what a name may mean where it is not one. */
export function namerOf(accelerators: readonly AcceleratorNames[]): NameAccelerator {
  return (text) => {
    const match = resolveAccelerator(text, accelerators);
    if (match.kind === "found") return { id: match.accelerator.id };
    const known = match.kind === "ambiguous" ? match.candidates : match.nearest;
    const meant = known.length === 0 ? "." : `: ${known.join(", ")}.`;
    return {
      problem:
        match.kind === "ambiguous"
          ? `“${text}” may be several accelerators${meant}`
          : `“${text}” is no accelerator of the catalogue. Nearest${meant}`,
    };
  };
}

/** A stock whose names are ids of a catalogue; what has no place there is left out and said. `ids` = ids by the names given. */
export function namedStock(
  stock: readonly StockItem[],
  accelerators: readonly AcceleratorNames[],
): { stock: StockItem[]; ids: Record<string, string>; problems: string[] } {
  const nameAccelerator = namerOf(accelerators);
  const ids: Record<string, string> = {};
  const named: StockItem[] = [];
  const problems: string[] = [];
  for (const item of stock) {
    const found = nameAccelerator(item.accelerator);
    if ("problem" in found) problems.push(found.problem);
    else {
      ids[item.accelerator] = found.id;
      named.push({ ...item, accelerator: found.id });
    }
  }
  return { stock: named, ids, problems };
}
