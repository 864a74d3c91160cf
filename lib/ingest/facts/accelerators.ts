import type { Accelerator } from "../../catalogue/catalogue";
import { nearestNames } from "../../nearest-names";

/** What a spelling of an accelerator stands for. */
export type AcceleratorMatch =
  | { kind: "found"; accelerator: Accelerator }
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
]);

/**
 * Finds the catalogue entry a person or a report means: by id, then by name, short name, alias or GKE label
 * (case and punctuation ignored), then by the words it contains (`MI300X`, `H100 PCIe`). A bare family name of which the
 * catalogue has exactly one SXM part (`H100`) means that part, as everyone who writes just "H100" does.
 */
export function resolveAccelerator(text: string, accelerators: readonly Accelerator[]): AcceleratorMatch {
  const exact = accelerators.find((accelerator) => accelerator.id === text);
  if (exact !== undefined) return { kind: "found", accelerator: exact };
  const wanted = compact(text);
  if (wanted !== "") {
    for (const names of [idOf, namesOf, wordForms]) {
      const matches = accelerators.filter((accelerator) => names(accelerator).some((name) => compact(name) === wanted));
      if (matches.length > 0) return decide(matches);
    }
    const words = wordsOf(text);
    const matches = accelerators.filter((accelerator) => {
      const own = new Set([
        ...wordsOf(accelerator.id),
        ...wordsOf(accelerator.name),
        ...wordsOf(accelerator.shortName),
      ]);
      return words.length > 0 && words.every((word) => own.has(word));
    });
    if (matches.length > 0) return decide(matches);
  }
  return {
    kind: "unknown",
    nearest: nearestNames(
      text,
      accelerators.map((accelerator) => accelerator.id),
    ),
  };
}

function decide(matches: Accelerator[]): AcceleratorMatch {
  const [first] = matches;
  if (matches.length === 1 && first !== undefined) return { kind: "found", accelerator: first };
  const [sxm, ...otherSxm] = matches.filter((accelerator) => wordsOf(accelerator.id).includes("sxm"));
  if (sxm !== undefined && otherSxm.length === 0) return { kind: "found", accelerator: sxm };
  return { kind: "ambiguous", candidates: matches.map((accelerator) => accelerator.id).sort() };
}

function idOf(accelerator: Accelerator): string[] {
  return [accelerator.id];
}

function namesOf(accelerator: Accelerator): string[] {
  const label = accelerator.gkeAcceleratorLabel;
  return [accelerator.name, accelerator.shortName, ...accelerator.aliases, ...(label === null ? [] : [label])];
}

/** The names without the maker: `NVIDIA H100 PCIe 80GB` → `h100pcie80gb`. */
function wordForms(accelerator: Accelerator): string[] {
  return namesOf(accelerator).map((name) => wordsOf(name).join(""));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !NOISE_WORDS.has(word));
}

function compact(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "");
}
