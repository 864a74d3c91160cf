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

/** A fact of several configurations, whether they share it or not. */
export interface ComparedFact extends ConfigurationDifference {
  differs: boolean;
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
  const found = [
    ...plainFacts(configurations),
    ...SETTING_GROUPS.flatMap((group) => groupFacts(configurations, group)),
  ];
  // Labels say the same as their parts, so the parts count where all configurations have some.
  const parts = found.filter(({ fact, differs }) => differs && isPartOfParallelism(fact));
  const haveParts = configurations.every(({ parallelism }) => parallelism.tensor !== null);
  const isTold = (fact: string) =>
    fact === "parallelism" ? !haveParts || parts.length === 0 : haveParts || !isPartOfParallelism(fact);
  return found
    .filter(({ fact, differs }) => differs && isTold(fact))
    .map(({ fact, setting, states }) => ({ fact, setting, states }));
}

/**
 * Every fact that at least one of the configurations states, in the order a person would name them, then every setting by name,
 * not known where nobody recorded that group of one.
 */
export function comparedFacts(configurations: readonly ConfigurationFacts[]): ComparedFact[] {
  const settings = SETTING_GROUPS.flatMap((group) => {
    const named = settingFacts(configurations, group);
    return named.length > 0 ? named : groupFacts(configurations, group);
  });
  return [...plainFacts(configurations), ...settings];
}

function plainFacts(configurations: readonly ConfigurationFacts[]): ComparedFact[] {
  const plain = (fact: string, valueIn: (of: ConfigurationFacts) => string | number | null) =>
    comparedFact(
      fact,
      null,
      configurations.map((of) => stateOf(valueIn(of))),
    );
  return [
    ...PLAIN_FACTS.flatMap((fact) => plain(fact, (of) => of[fact])),
    ...PARALLEL_PARTS.flatMap((part) => plain(part === "label" ? "parallelism" : part, (of) => of.parallelism[part])),
    ...plain("image", (of) => of.settings.image),
  ];
}

function isPartOfParallelism(fact: string): boolean {
  return fact !== "label" && PARALLEL_PARTS.some((part) => part === fact);
}

/** Where some do not know the group at all there is nothing to compare name by name: one difference says so. */
function groupFacts(configurations: readonly ConfigurationFacts[], group: SettingGroup): ComparedFact[] {
  const known = configurations.map(({ settings }) => settings[group]);
  if (known.some((values) => values === null)) {
    return comparedFact(
      group,
      null,
      known.map((values) =>
        values === null ? UNKNOWN : Object.keys(values).length === 0 ? DEFAULT : { kind: "stated", value: values },
      ),
    );
  }
  return settingFacts(configurations, group);
}

/** The settings of a group by name; where a configuration's group is not known, so is each of its settings. */
function settingFacts(configurations: readonly ConfigurationFacts[], group: SettingGroup): ComparedFact[] {
  const flat = configurations.map(({ settings }) => {
    const values = settings[group];
    return values === null ? null : new Map(flatSettings(values));
  });
  const names = [...new Set(flat.flatMap((values) => [...(values?.keys() ?? [])]))].sort();
  return names.flatMap((name) =>
    comparedFact(
      group,
      name,
      flat.map((values): FactState => {
        if (values === null) return UNKNOWN;
        const value = values.get(name);
        return value === undefined ? DEFAULT : { kind: "stated", value };
      }),
    ),
  );
}

function stateOf(value: string | number | null): FactState {
  return value === null ? UNKNOWN : { kind: "stated", value };
}

/** None where nobody states it. */
function comparedFact(fact: string, setting: string | null, states: readonly FactState[]): ComparedFact[] {
  const differs = new Set(states.map(keyOf)).size > 1;
  return states.every(({ kind }) => kind === "unknown") ? [] : [{ fact, setting, states, differs }];
}

function keyOf(state: FactState): string {
  return state.kind === "stated" ? `= ${JSON.stringify(state.value)}` : state.kind;
}

/** One state in words: `unknown`, `default`, or the value. */
export function factStateText(state: FactState): string {
  return state.kind === "stated" ? settingText(state.value) : state.kind;
}
