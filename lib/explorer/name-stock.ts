import { type AcceleratorNames, resolveAccelerator } from "../ingest/facts/accelerators";
import type { NameAccelerator } from "../selection/stock-text";
import type { Question } from "../selection/types";

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

/** A question whose names of accelerators (its stock, own prices) are ids of a catalogue. */
export function withNamedAccelerators<Q extends Pick<Question, "stock" | "price">>(
  question: Q,
  accelerators: readonly AcceleratorNames[],
): { question: Q; ids: Record<string, string>; problems: string[] } {
  const stock = named(question.stock, accelerators);
  const own = named(question.price.ownByAccelerator, accelerators);
  return {
    question: { ...question, stock: stock.items, price: { ...question.price, ownByAccelerator: own.items } },
    ids: { ...stock.ids, ...own.ids },
    problems: [...stock.problems, ...own.problems],
  };
}

/** Items whose names are ids of a catalogue; what has no place there is left out and said. `ids` = ids by the names given. */
function named<T extends { accelerator: string }>(
  items: readonly T[],
  accelerators: readonly AcceleratorNames[],
): { items: T[]; ids: Record<string, string>; problems: string[] } {
  const nameAccelerator = namerOf(accelerators);
  const ids: Record<string, string> = {};
  const known: T[] = [];
  const problems: string[] = [];
  for (const item of items) {
    const found = nameAccelerator(item.accelerator);
    if ("problem" in found) problems.push(found.problem);
    else {
      ids[item.accelerator] = found.id;
      known.push({ ...item, accelerator: found.id });
    }
  }
  return { items: known, ids, problems };
}
