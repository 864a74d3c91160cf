import { compareText } from "../compare-text";
import type { Configuration } from "../domain";
import type { PointFilter } from "../frontier/axes";
import type { LoadCurve } from "../frontier/load-curve";
import { groupBy } from "../group-by";
import { type SharedLoads, sharedLoads } from "./shared-loads";

/** A curve of a configuration at one time, with one version. */
export interface HistoryPoint {
  configurationId: string;
  measuredOn: string | null;
  version: string | null;
  /** Against the one before it, at the loads both were measured at; `null` for the first, and where they share none. */
  against: SharedLoads | null;
}

/** One configuration over versions and dates: everything else is the same. */
export interface VersionHistory {
  /** The newest of its configurations: what they share is read off it. */
  configuration: Configuration;
  points: HistoryPoint[];
}

/** Everything but version, image and settings, which change with it. */
function sameButVersion({ configurationId, serverVersion, settings, ...rest }: Configuration): string {
  return JSON.stringify(rest);
}

/**
 * Configurations over versions and dates: those that were measured at least twice by one source, differing in nothing but the
 * version and what comes with it; oldest first. Those with most curves come first.
 */
export function versionHistories(curves: readonly LoadCurve[], filter: PointFilter): VersionHistory[] {
  const dated = curves.filter(({ measuredOn }) => measuredOn !== null);
  const groups = groupBy(dated, ({ source, configuration }) => `${source.name} ${sameButVersion(configuration)}`);
  return [...groups.values()]
    .flatMap((group): VersionHistory[] => {
      const inOrder = [...group].sort(
        (a, b) => compareText(a.measuredOn ?? "", b.measuredOn ?? "") || compareText(a.curveId, b.curveId),
      );
      const newest = inOrder.at(-1);
      if (newest === undefined || inOrder.length < 2) return [];
      const points = inOrder.map(({ configuration, measuredOn }, index): HistoryPoint => {
        const [before, curve] = [inOrder[index - 1], inOrder[index]];
        return {
          configurationId: configuration.configurationId,
          measuredOn,
          version: configuration.serverVersion,
          against: before === undefined || curve === undefined ? null : sharedLoads(before, curve, filter),
        };
      });
      return points.every(({ against }) => against === null) ? [] : [{ configuration: newest.configuration, points }];
    })
    .sort(
      (a, b) =>
        b.points.length - a.points.length ||
        compareText(a.configuration.configurationId, b.configuration.configurationId),
    );
}

/** What a change is: more or less than its error, within it, or of unknown error; `null` where there is none. */
export function changeKind({ against }: HistoryPoint): "gain" | "regression" | "withinError" | "unknown" | null {
  if (against === null) return null;
  const change = against.ratio - 1;
  if (against.error === null) return "unknown";
  if (Math.abs(change) <= against.error) return "withinError";
  return change > 0 ? "gain" : "regression";
}
