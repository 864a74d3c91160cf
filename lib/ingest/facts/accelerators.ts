import type { Accelerator } from "../../catalogue/catalogue";
import { nearestNames } from "../../nearest-names";

/** The names an accelerator goes by. */
export type AcceleratorNames = Pick<Accelerator, "id" | "name" | "shortName" | "aliases" | "gkeAcceleratorLabel">;

/** What a spelling of an accelerator stands for. */
export type AcceleratorMatch<A = Accelerator> =
  /** `others`: ids of what the same words may also mean; the found one is the form nearly everyone means by them. */
  | { kind: "found"; accelerator: A; others: string[] }
  | { kind: "ambiguous"; candidates: string[] }
  | { kind: "unknown"; nearest: string[] };

/** Words that name the maker or the product line and tell no two accelerators of the catalogue apart. */
const NOISE_WORDS = new Set([
  "nvidia",
  "amd",
  "intel",
  "google",
  "cloud",
  "instinct",
  "geforce",
  "gpu",
  "tensorcore",
  "oam",
  "virtualized",
  "r",
  "tm",
]);

/** Kinds of memory, which official names end with (`192GB HBM3`): no two accelerators differ by them alone. */
const MEMORY_KIND = /^(?:hbm|gddr|lpddr)\d*[a-z]?$/;

/**
 * Finds the catalogue entry a person or a report means: by id, then by name, short name, alias or GKE label
 * (case and punctuation ignored), then by the words it contains (`MI300X`, `H100 PCIe`). A bare family name of which the
 * catalogue has exactly one SXM part (`H100`) means that part, as nearly everyone who writes just "H100" does; what else it may
 * mean is told beside it.
 */
export function resolveAccelerator<A extends AcceleratorNames>(
  text: string,
  accelerators: readonly A[],
): AcceleratorMatch<A> {
  const exact = accelerators.find((accelerator) => accelerator.id === text);
  if (exact !== undefined) return { kind: "found", accelerator: exact, others: [] };
  const wanted = compact(text);
  if (wanted !== "") {
    for (const names of [idOf, namesOf, wordForms]) {
      const matches = accelerators.filter((accelerator) => names(accelerator).some((name) => compact(name) === wanted));
      // A name of the maker's own leads to one part, whatever else shares its words.
      const isWhole = names !== wordForms && namesMaker(text);
      if (matches.length > 0) return decide(matches, isWhole ? [] : sharingWords(text, accelerators));
    }
    const matches = sharingWords(text, accelerators);
    if (matches.length > 0) return decide(matches, matches);
  }
  return {
    kind: "unknown",
    nearest: nearestNames(
      text,
      accelerators.map((accelerator) => accelerator.id),
    ),
  };
}

/** @param alike all that the same words may mean */
function decide<A extends AcceleratorNames>(matches: A[], alike: readonly A[]): AcceleratorMatch<A> {
  const [first] = matches;
  const found = (accelerator: A): AcceleratorMatch<A> => ({
    kind: "found",
    accelerator,
    others: alike.filter(({ id }) => id !== accelerator.id).map(({ id }) => id),
  });
  if (matches.length === 1 && first !== undefined) return found(first);
  const [sxm, ...otherSxm] = matches.filter((accelerator) => wordsOf(accelerator.id).includes("sxm"));
  if (sxm !== undefined && otherSxm.length === 0) return found(sxm);
  return { kind: "ambiguous", candidates: matches.map((accelerator) => accelerator.id).sort() };
}

/** Accelerators whose names have all the words of a text. */
function sharingWords<A extends AcceleratorNames>(text: string, accelerators: readonly A[]): A[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  return accelerators.filter((accelerator) => {
    const own = new Set([...wordsOf(accelerator.id), ...wordsOf(accelerator.name), ...wordsOf(accelerator.shortName)]);
    return words.every((word) => own.has(word));
  });
}

function namesMaker(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => NOISE_WORDS.has(word));
}

function idOf(accelerator: AcceleratorNames): string[] {
  return [accelerator.id];
}

function namesOf(accelerator: AcceleratorNames): string[] {
  const label = accelerator.gkeAcceleratorLabel;
  return [accelerator.name, accelerator.shortName, ...accelerator.aliases, ...(label === null ? [] : [label])];
}

/** The names without the maker: `NVIDIA H100 PCIe 80GB` → `h100pcie80gb`. */
function wordForms(accelerator: AcceleratorNames): string[] {
  return namesOf(accelerator).map((name) => wordsOf(name).join(""));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !NOISE_WORDS.has(word) && !MEMORY_KIND.test(word));
}

function compact(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "");
}
