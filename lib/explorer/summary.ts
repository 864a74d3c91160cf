import type { AvailableAxis } from "../frontier/axes";
import type { LoadCurve } from "../frontier/load-curve";
import type { RankedConfiguration, Ranking } from "../selection/types";

/** Load points a page takes along at most as they are; of more it takes a summary. A page of so many is 0.4 MB as sent. */
export const MAX_WHOLE_POINTS = 5000;

/** Of near misses and of what cannot be compared, so many are listed until a reader asks for all. */
export const LISTED_FIRST = 6;

/** How many configurations (load curves, where the filter leaves them out) each part of an answer holds. */
export interface RankingCounts {
  ranked: number;
  outsideStock: number;
  nearMisses: number;
  notComparable: number;
  filteredOut: number;
}

/** What a page that carries only a part of the load points must know of all of them, for the one question it shows. */
export interface ExplorerSummary {
  loadPoints: number;
  configurations: number;
  counts: RankingCounts;
  /** Place in the ranking, from 1, of the emphasised configurations that have one. */
  places: Record<string, number>;
  /** What the filter can ask for: servers (`unknown` among them) and names of sources. */
  servers: string[];
  sources: string[];
  available: AvailableAxis[];
  first: AvailableAxis[];
}

/** The sizes of the parts of a ranking. */
export function countsOf({ ranked, outsideStock, nearMisses, notComparable, filteredOut }: Ranking): RankingCounts {
  return {
    ranked: ranked.length,
    outsideStock: outsideStock.length,
    nearMisses: nearMisses.length,
    notComparable: notComparable.length,
    filteredOut: filteredOut.length,
  };
}

/** Servers of curves as the filter names them, sorted. */
export function serversOf(curves: readonly LoadCurve[]): string[] {
  return [...new Set(curves.map((curve) => curve.configuration.server ?? "unknown"))].sort();
}

/** Names of the sources of curves, sorted. */
export function sourcesOf(curves: readonly LoadCurve[]): string[] {
  return [...new Set(curves.map((curve) => curve.source.name))].sort();
}

/** The best row of each accelerator, and those of the emphasised configurations. */
export function bestOfEachAccelerator(
  ranked: readonly RankedConfiguration[],
  highlight: readonly string[],
): RankedConfiguration[] {
  const seen = new Set<string>();
  return ranked.filter((row) => {
    const isFirst = !seen.has(row.curve.configuration.accelerator);
    seen.add(row.curve.configuration.accelerator);
    return isFirst || highlight.includes(row.curve.configuration.configurationId);
  });
}
