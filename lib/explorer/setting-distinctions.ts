import type { Configuration } from "../domain";
import { groupBy } from "../group-by";
import {
  type ConfigurationDifference,
  configurationDifferences,
  type FactState,
  factStateText,
} from "../measurement/differences";
import { configurationSubtitle } from "../words";
import { factName } from "./fact-words";

/** Differences named; the rest is counted. */
const MAX_NAMED = 3;
const MAX_VALUE_LENGTH = 40;

/**
 * For configurations that would read the same in a list (hardware and what {@link configurationSubtitle} says), what sets each of
 * them apart, by its id: `max-num-seqs 256, kv-cache-dtype default`. Those that nothing else reads like are left out.
 */
export function settingDistinctions(configurations: readonly Configuration[]): Record<string, string> {
  const once = [...new Map(configurations.map((item) => [item.configurationId, item])).values()];
  const alike = groupBy(once, (item) =>
    JSON.stringify([item.model, item.accelerator, item.acceleratorCount, configurationSubtitle(item)]),
  );
  const found: [string, string][] = [];
  for (const group of alike.values()) {
    if (group.length < 2) continue;
    const differences = configurationDifferences(group);
    group.forEach(({ configurationId }, index) => {
      const named = differences.slice(0, MAX_NAMED).map((difference) => distinctionText(difference, index));
      const more = differences.length - MAX_NAMED;
      found.push([configurationId, `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`]);
    });
  }
  return Object.fromEntries(found);
}

function distinctionText({ fact, setting, states }: ConfigurationDifference, index: number): string {
  const state = states[index] ?? { kind: "unknown" };
  const name = setting ?? factName(fact);
  return `${name} ${stateText(state, setting === null)}`;
}

/** Of a whole group of settings only whether they are known, the defaults, or stated. */
function stateText(state: FactState, isWhole: boolean): string {
  if (state.kind === "unknown") return "not recorded";
  if (state.kind === "default") return isWhole ? "defaults" : "default";
  if (isWhole && typeof state.value === "object") return "recorded";
  const text = factStateText(state);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}
