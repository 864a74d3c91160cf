import type { Accelerator } from "../domain";
import { optionLabel } from "./option-labels";
import { canonicalOptions } from "./option-params";
import { type AskedOptions, completeOptions, type ManifestOptions } from "./options";

/** Options with which there is a manifest where there was none, and what was changed, in words. */
export interface Mend {
  asked: AskedOptions;
  /** `autoscaler none, monitoring none`. */
  words: string;
}

/** What can be left out, one after the other and together: fewest first. */
const LEFT_OUT: readonly Partial<ManifestOptions>[] = [
  { benchmarkJob: false },
  { autoscaler: "none" },
  { monitoring: "none" },
  { gateway: "none" },
  { autoscaler: "none", monitoring: "none" },
  { autoscaler: "none", monitoring: "none", gateway: "none" },
  { autoscaler: "none", monitoring: "none", gateway: "none", benchmarkJob: false },
];

const WORDS: { [K in keyof ManifestOptions]?: string } = {
  benchmarkJob: "no benchmark Job",
  autoscaler: "autoscaler",
  monitoring: "monitoring",
  gateway: "gateway",
};

function wordsOf(changes: Partial<ManifestOptions>): string {
  return Object.entries(changes)
    .map(([option, value]) => {
      const word = WORDS[option as keyof ManifestOptions] ?? option;
      return value === false ? word : `${word} ${optionLabel(option as keyof ManifestOptions, String(value))?.label}`;
    })
    .join(", ");
}

/**
 * The least that has to be left out for there to be a manifest; `null` where nothing of it helps.
 * @param refusal why a bundle with these options is refused; `null` if it is not
 */
export function mendedOptions(
  asked: AskedOptions,
  accelerator: Accelerator,
  refusal: (options: ManifestOptions) => string | null,
): Mend | null {
  const present = completeOptions(asked, accelerator);
  for (const changes of LEFT_OUT) {
    const needed = Object.fromEntries(
      Object.entries(changes).filter(([option, value]) => present[option as keyof ManifestOptions] !== value),
    );
    const changed = { ...asked, ...needed };
    if (Object.keys(needed).length > 0 && refusal(completeOptions(changed, accelerator)) === null) {
      return { asked: canonicalOptions(changed, accelerator), words: wordsOf(needed) };
    }
  }
  return null;
}
