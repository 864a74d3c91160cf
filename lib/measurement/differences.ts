import type { ConfigurationFacts } from "../domain";
import { flatSettings, SETTING_GROUPS, type SettingGroup, type SettingValue, settingText } from "./settings";

/** What a configuration says of one fact: that it is not known, that the server's default holds, or its value. */
export type FactState = { kind: "unknown" } | { kind: "default" } | { kind: "stated"; value: SettingValue };

/** A fact that not all configurations share. */
export interface ConfigurationDifference {
  /** Name of the fact in the domain: `precision`, `tensor`, `image`, `serverArguments` … */
  fact: string;
  /** Name of the one setting, as the server spells it; `null` for a fact that is no group of settings, or a group that some do not know. */
  setting: string | null;
  /** One state for each configuration, in their order. */
  states: readonly FactState[];
}

const UNKNOWN: FactState = { kind: "unknown" };
const DEFAULT: FactState = { kind: "default" };

type PlainFact = Exclude<keyof ConfigurationFacts, "parallelism" | "settings">;

/** In the order a person would name them. */
const PLAIN_FACTS: readonly PlainFact[] = [
  "model",
  "checkpoint",
  "accelerator",
  "acceleratorCount",
  "nodes",
  "server",
  "serverVersion",
  "precision",
  "speculative",
  "speculativeTokens",
  "servingMode",
  "prefillAccelerators",
  "decodeAccelerators",
];

const PARALLEL_PARTS = ["label", "tensor", "pipeline", "data", "expert", "context"] as const;

/**
 * What differs between configurations, fact by fact, settings name by name. Not known (`null`) is a state of its own: a
 * configuration whose settings nobody recorded differs from one that was started with its defaults.
 */
export function configurationDifferences(configurations: readonly ConfigurationFacts[]): ConfigurationDifference[] {
  const plain = (fact: string, valueIn: (of: ConfigurationFacts) => string | number | null) =>
    differenceOf(
      fact,
      null,
      configurations.map((of) => stateOf(valueIn(of))),
    );
  return [
    ...PLAIN_FACTS.flatMap((fact) => plain(fact, (of) => of[fact])),
    ...parallelDifferences(configurations),
    ...plain("image", (of) => of.settings.image),
    ...SETTING_GROUPS.flatMap((group) => groupDifferences(configurations, group)),
  ];
}

/** Labels say the same as their parts, so the parts count where all configurations have some. */
function parallelDifferences(configurations: readonly ConfigurationFacts[]): ConfigurationDifference[] {
  const found = PARALLEL_PARTS.flatMap((part) =>
    differenceOf(
      part === "label" ? "parallelism" : part,
      null,
      configurations.map((of) => stateOf(of.parallelism[part])),
    ),
  );
  const parts = found.filter(({ fact }) => fact !== "parallelism");
  const haveParts = configurations.every(({ parallelism }) => parallelism.tensor !== null);
  return haveParts && parts.length > 0 ? parts : found.filter(({ fact }) => fact === "parallelism" || haveParts);
}

/** Where some do not know the group at all there is nothing to compare name by name: one difference says so. */
function groupDifferences(
  configurations: readonly ConfigurationFacts[],
  group: SettingGroup,
): ConfigurationDifference[] {
  const known = configurations.map(({ settings }) => settings[group]);
  if (known.some((values) => values === null)) {
    return differenceOf(
      group,
      null,
      known.map((values) =>
        values === null ? UNKNOWN : Object.keys(values).length === 0 ? DEFAULT : { kind: "stated", value: values },
      ),
    );
  }
  const flat = known.map((values) => new Map(values === null ? [] : flatSettings(values)));
  const names = [...new Set(flat.flatMap((values) => [...values.keys()]))].sort();
  return names.flatMap((name) =>
    differenceOf(
      group,
      name,
      flat.map((values) => {
        const value = values.get(name);
        return value === undefined ? DEFAULT : { kind: "stated", value };
      }),
    ),
  );
}

function stateOf(value: string | number | null): FactState {
  return value === null ? UNKNOWN : { kind: "stated", value };
}

function differenceOf(fact: string, setting: string | null, states: readonly FactState[]): ConfigurationDifference[] {
  return new Set(states.map(keyOf)).size > 1 ? [{ fact, setting, states }] : [];
}

function keyOf(state: FactState): string {
  return state.kind === "stated" ? `= ${JSON.stringify(state.value)}` : state.kind;
}

/** One state in words: `unknown`, `default`, or the value. */
export function factStateText(state: FactState): string {
  return state.kind === "stated" ? settingText(state.value) : state.kind;
}
