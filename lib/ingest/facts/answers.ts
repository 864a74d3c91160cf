import { stringify } from "yaml";
import { STARTED_WITH_KEY } from "./fact-labels";
import { FACT_NAMES } from "./facts";

/** Answers of a form by the facts' keys in `iq.yaml`, as typed; an empty answer counts as none. */
export type FactAnswers = Readonly<Record<string, string>>;

/**
 * Answers as a side file, in the order facts are documented: counts as numbers, text quoted where YAML would read it as anything
 * else.
 * @returns `null` where nothing was answered
 */
export function answersYaml(answers: FactAnswers): string | null {
  const given: Record<string, string | number> = {};
  for (const { key, kind } of FACT_NAMES) {
    const text = answers[key]?.trim() ?? "";
    if (text === "") continue;
    given[key] = kind === "count" && /^\d{1,15}$/.test(text) ? Number(text) : text;
  }
  const started = answers[STARTED_WITH_KEY]?.trim() ?? "";
  if (started !== "") given[STARTED_WITH_KEY] = started;
  return Object.keys(given).length === 0 ? null : stringify(given);
}
