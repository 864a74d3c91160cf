import type { Accelerator } from "../../catalogue/catalogue";
import { completeOptions } from "./complete-options";
import {
  type AskedOptions,
  clusterVersionText,
  type ManifestOptions,
  OLDEST_CLUSTER,
  parseClusterVersion,
} from "./manifest-options";
import { type OptionConflict, optionConflicts } from "./option-conflicts";
import type { OptionLabel } from "./option-label";
import { optionLabel } from "./option-labels";
import { OPTION_NAMES } from "./option-names";
import { canonicalOptions, isSwitch, OPTION_PARAMS } from "./option-params";

/** Options one chooses from a list. */
export type ListedOption = Exclude<keyof ManifestOptions, TextOption>;

/** One value of an option under the others as they are. */
export interface OptionValue extends OptionLabel {
  /** As an address writes it. */
  value: string;
  /** The one in force. */
  isPresent: boolean;
  /** Why it cannot be chosen as the others are; `null` if it can. */
  reason: string | null;
  /** As a form sends it: empty where it would be so without being asked for. */
  formValue: string;
  /** Parameters whose answers fit no longer once it is chosen; what they ask is decided anew. */
  drops: readonly string[];
}

export type OptionChoices = Record<ListedOption, OptionValue[]>;

/** The newest release this was written against. */
const NEWEST_MINOR = 36;
const SWITCH_LABELS: Record<string, OptionLabel> = {
  "0": { label: "no", help: "" },
  "1": { label: "yes", help: "" },
};

/** What is decided anew when an option changes and the old answer no longer fits. */
const FOLLOWERS: { [K in keyof ManifestOptions]?: readonly (keyof ManifestOptions)[] } = {
  platform: ["metrics", "monitoring"],
  autoscaler: ["metrics"],
  storage: ["storageSource"],
};

/** Options one writes a line for. */
export const TEXT_OPTIONS = ["storageSource", "namespace", "rdmaResource", "clusterName"] as const;
export type TextOption = (typeof TEXT_OPTIONS)[number];

function isListed(option: keyof ManifestOptions): option is ListedOption {
  return !TEXT_OPTIONS.some((text) => text === option);
}

const LISTED: readonly ListedOption[] = OPTION_PARAMS.map(({ option }) => option).filter(isListed);

function textOf(value: ManifestOptions[ListedOption]): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? clusterVersionText(value) : value;
}

function versionsWith(present: string): string[] {
  const versions = Array.from({ length: NEWEST_MINOR - OLDEST_CLUSTER.minor + 1 }, (_, index) =>
    clusterVersionText({ major: 1, minor: OLDEST_CLUSTER.minor + index }),
  );
  return versions.includes(present) ? versions : [...versions, present];
}

function valuesOf(option: ListedOption, present: string): readonly string[] {
  if (option === "clusterVersion") return versionsWith(present);
  return OPTION_PARAMS.find((item) => item.option === option)?.values ?? [];
}

function labelOf(option: ListedOption, value: string): OptionLabel {
  return optionLabel(option, value) ?? SWITCH_LABELS[value] ?? { label: value, help: "" };
}

function parsed(option: ListedOption, value: string): AskedOptions {
  if (option === "clusterVersion") return { clusterVersion: parseClusterVersion(value) };
  if (isSwitch(option)) return { [option]: value === "1" };
  return { [option]: value };
}

/**
 * The reasons against a set of options. Without text fields that are wrong by themselves (`known`), which are corrected in the
 * field, and without a missing source, which can only be named once its storage is chosen.
 */
function obstacles(asked: AskedOptions, accelerator: Accelerator, known: readonly OptionConflict[]): string[] {
  return optionConflicts(completeOptions(asked, accelerator), accelerator)
    .filter(({ option, reason }) => isListed(option) || known.every((conflict) => conflict.reason !== reason))
    .filter(({ option }) => option !== "storageSource")
    .map(({ reason }) => reason);
}

/** What is asked for with one value changed; answers that follow from it and no longer fit are dropped. */
function withValue(
  asked: AskedOptions,
  option: ListedOption,
  value: string,
  accelerator: Accelerator,
): { asked: AskedOptions; dropped: (keyof ManifestOptions)[] } {
  let changed: AskedOptions = { ...asked, ...parsed(option, value) };
  const dropped: (keyof ManifestOptions)[] = [];
  for (const follower of FOLLOWERS[option] ?? []) {
    if (changed[follower] === undefined || changed[follower] === null) continue;
    const conflicts = optionConflicts(completeOptions(changed, accelerator), accelerator);
    if (!conflicts.some((conflict) => conflict.option === follower)) continue;
    changed = { ...changed, [follower]: undefined };
    dropped.push(follower);
  }
  return { asked: canonicalOptions(changed, accelerator), dropped };
}

/**
 * Every value of every option one chooses from a list, each with the reason why it cannot be chosen as the others are. The
 * value in force always can. Where what is asked for is at odds with itself already, a value can be chosen when it mends some
 * of it, or has nothing to do with it: nobody is shut in.
 * @param refusal further reasons against options that fit together: what a bundle with them would be refused for
 */
export function optionChoices(
  asked: AskedOptions,
  accelerator: Accelerator,
  refusal: (options: ManifestOptions) => string | null = () => null,
): OptionChoices {
  const options = completeOptions(asked, accelerator);
  const known = optionConflicts(options, accelerator);
  const present = obstacles(asked, accelerator, known);
  // Where a bundle is refused already, a change may be the first of two that mend it: only conflicts shut it out.
  const isMade = known.length === 0 && refusal(options) === null;
  const listed = LISTED.map((option): [ListedOption, OptionValue[]] => {
    const chosen = textOf(options[option]);
    const changes = valuesOf(option, chosen).map((value) => {
      const change = withValue(asked, option, value, accelerator);
      return { value, ...change, against: obstacles(change.asked, accelerator, known) };
    });
    // If no value of this option removes a reason, the reasons are not about this option.
    const isInTheWay = changes.some(({ against }) => against.length < present.length);
    const values = changes.map(({ value, asked: next, dropped, against }): OptionValue => {
      const base = {
        ...labelOf(option, value),
        value,
        isPresent: value === chosen,
        formValue: next[option] === undefined ? "" : value,
        drops: dropped.map((option) => OPTION_NAMES[option]),
      };
      if (base.isPresent) return { ...base, reason: null };
      if (against.length > 0) {
        const added = against.find((reason) => !present.includes(reason)) ?? null;
        if (against.length < present.length) return { ...base, reason: null };
        return { ...base, reason: isInTheWay ? (added ?? against[0] ?? null) : added };
      }
      const complete = completeOptions(next, accelerator);
      const needsSource = optionConflicts(complete, accelerator).length > 0;
      return { ...base, reason: isMade && !needsSource ? refusal(complete) : null };
    });
    return [option, values];
  });
  return Object.fromEntries(listed) as OptionChoices;
}
