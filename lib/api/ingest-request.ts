import { STARTED_WITH_KEY } from "../ingest/facts/fact-labels";
import { FACT_NAMES, type FactValue, factsFromKeys, isSettingGroup } from "../ingest/facts/facts";
import { settingsFromText } from "../ingest/facts/settings-text";
import type { GivenFacts } from "../ingest/report";
import { MAX_SETTINGS_TEXT_LENGTH } from "../limits";
import { nearestNames } from "../nearest-names";
import { ok, type Result, refused } from "../result";
import { tableEntry } from "../table-entry";

/** The parameters of a request to ingest, beside its files. */
export interface IngestParams {
  /** Say what would happen, store nothing. */
  dryRun: boolean;
  /** `page` where the upload page sent it. */
  way: "page" | "http";
  /** Name of a raw body's file; `null` = not given. */
  fileName: string | null;
  /** How the server was started, as a text; `null` = not given. */
  startedWith: string | null;
  given: GivenFacts;
}

const SWITCHES: Readonly<Record<string, boolean>> = { true: true, "1": true, on: true, false: false, "0": false };
const OWN_NAMES = ["dryRun", "fileName", "way"];
const NAMES = [...OWN_NAMES, STARTED_WITH_KEY, ...FACT_NAMES.map((fact) => fact.key)];

/**
 * Reads the query of a request and the fields of a form. Facts go by their keys in `iq.yaml` (`accelerator_count`); an empty
 * value says nothing, as an empty input of a form. A name nobody knows is refused: a mistyped fact must not get lost.
 * @returns what was asked, or the first thing that is wrong as a sentence
 */
export function parseIngestParams(entries: Iterable<readonly [name: string, value: string]>): Result<IngestParams> {
  const params: IngestParams = { dryRun: false, way: "http", fileName: null, startedWith: null, given: {} };
  const facts = new Map<string, FactValue>();
  const seen = new Set<string>();
  for (const [name, raw] of entries) {
    const value = raw.trim();
    if (!NAMES.includes(name)) {
      const nearest = nearestNames(name, NAMES, 1)[0] ?? "";
      return refused(`There is no parameter "${name.slice(0, 80)}"; did you mean ${nearest}?`);
    }
    if (value === "") continue;
    if (seen.has(name)) return refused(`${name} is given twice.`);
    seen.add(name);
    if (name === "dryRun") {
      const on = tableEntry(SWITCHES, value.toLowerCase());
      if (on === undefined) return refused(`dryRun=${value.slice(0, 80)}: expected true or false.`);
      params.dryRun = on;
    } else if (name === "way") {
      if (value !== "page" && value !== "http") return refused("way: expected page or http.");
      params.way = value;
    } else if (name === STARTED_WITH_KEY) {
      if (value.length > MAX_SETTINGS_TEXT_LENGTH) {
        return refused(`${name}: expected at most ${MAX_SETTINGS_TEXT_LENGTH} characters.`);
      }
      params.startedWith = value;
    } else if (name === "fileName") {
      params.fileName = value;
    } else {
      const fact = FACT_NAMES.find(({ key }) => key === name);
      if (fact !== undefined && isSettingGroup(fact.field)) {
        const settings = settingsFromText(fact.field, value);
        if (!settings.ok) return refused(`${name}=${value.slice(0, 80)}: expected ${settings.error}.`);
        facts.set(name, settings.value);
        continue;
      }
      const isCount = fact?.kind === "count";
      if (isCount && !/^[1-9]\d{0,9}$/.test(value)) {
        return refused(`${name}=${value.slice(0, 80)}: expected a whole number, 1 or more.`);
      }
      facts.set(name, isCount ? Number(value) : value);
    }
  }
  return ok({ ...params, given: factsFromKeys(facts) });
}

/** Names listed of what came; the rest is counted. */
const MAX_NAMES_IN_REASON = 3;

/** Why an ingest happened, for the list of revisions: `ingest run-2026-09/, extra.json`. */
export function ingestReason(paths: readonly string[]): string {
  const tops = [...new Set(paths.map((path) => (path.includes("/") ? `${path.split("/", 1)[0]}/` : path)))];
  const more = tops.length - MAX_NAMES_IN_REASON;
  return `ingest ${tops.slice(0, MAX_NAMES_IN_REASON).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
