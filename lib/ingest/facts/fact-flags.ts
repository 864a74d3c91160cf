import type { ConfigurationFacts } from "../../domain";
import type { QualityFlag } from "../../measurement/quality-flags";
import { isSettings } from "../../measurement/settings";
import type { DraftRun, FactSources } from "./draft-run";
import { FACT_NAMES, type FactValue, factValue } from "./facts";

/**
 * A quality flag for each of these facts that neither the report nor the person states: server, its version, precision, date.
 */
export function unknownFlags(configuration: ConfigurationFacts, measuredOn: string | null): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (configuration.server === null) flags.push("server_software_unknown");
  if (configuration.serverVersion === null) flags.push("no_version");
  if (configuration.precision === null) flags.push("precision_unknown");
  if (measuredOn === null) flags.push("no_date");
  return flags;
}

/** Quality flags for the facts that only a hint gives. */
export function hintFlagsOf(draft: DraftRun, sources: FactSources): QualityFlag[] {
  if (draft.hintFlags === undefined) return [];
  const firm = [draft.stated, sources.side, sources.flags];
  return FACT_NAMES.flatMap(({ field }) => {
    const flag = draft.hintFlags?.[field];
    const isHint = factValue(draft.hints, field) !== undefined;
    return flag !== undefined && isHint && firm.every((facts) => factValue(facts, field) === undefined) ? [flag] : [];
  });
}

/** A quality flag where the side file contradicts the report, which wins. */
export function contradictionFlags(draft: DraftRun, sources: FactSources): QualityFlag[] {
  const differs = FACT_NAMES.some(({ field }) => {
    const stated = factValue(draft.stated, field);
    const side = factValue(sources.side, field);
    return (
      stated !== undefined &&
      side !== undefined &&
      factValue(sources.flags, field) === undefined &&
      contradicts(stated, side)
    );
  });
  return differs && sources.flagsWin ? ["side_file_contradicts_report"] : [];
}

/** Settings are completed by name: they contradict one another where one name has two values. */
function contradicts(stated: FactValue, side: FactValue): boolean {
  if (!isSettings(stated) || !isSettings(side)) return stated !== side;
  return Object.entries(stated).some(
    ([name, value]) => Object.hasOwn(side, name) && JSON.stringify(value) !== JSON.stringify(side[name]),
  );
}
