import type { AvailableAxis } from "../frontier/axes";
import type { LoadCurve } from "../frontier/load-curve";
import { nearMissReason } from "../selection/near-miss-words";
import type { RankedConfiguration } from "../selection/types";
import type { ExplorerView } from "./explorer-view";
import {
  bestOfEachAccelerator,
  countsOf,
  type ExplorerSummary,
  LISTED_FIRST,
  MAX_WHOLE_POINTS,
  serversOf,
  sourcesOf,
} from "./summary";

/** Rows of the ranking a summary takes along beside the best of each accelerator, as far as they fit. */
const ROWS_KEPT = 50;

const idOf = ({ configuration }: LoadCurve) => configuration.configurationId;

/** What of a view has to be there whatever the size, by configuration; the rest of the ranking fills what room is left. */
function neededConfigurations(
  view: ExplorerView,
  highlight: readonly string[],
  isDeployable: (row: RankedConfiguration) => boolean,
): Set<string> {
  const { ranked, outsideStock, nearMisses, notComparable, filteredOut } = view.ranking;
  const cheapest = (value: (row: RankedConfiguration) => number | null) =>
    ranked.reduce<RankedConfiguration | undefined>((least, row) => {
      const own = value(row);
      return own === null || (least !== undefined && own >= (value(least) ?? 0)) ? least : row;
    }, undefined);
  const rows = [
    ...bestOfEachAccelerator(ranked, highlight),
    ...ranked.slice(0, 2),
    ranked.find(isDeployable),
    // What a row without a price would have to beat.
    cheapest(({ cost }) => (cost.kind === "known" ? cost.usdPerMillionOutputTokens : null)),
    cheapest(({ capacity }) => capacity?.usdPerHour ?? null),
  ];
  const curves = [
    ...rows.flatMap((row) => (row === undefined ? [] : [row.curve])),
    ...view.frontiers.flatMap(({ points }) => points.map(({ curve }) => curve)),
    ...view.highlighted.map(({ curve }) => curve),
    ...[outsideStock, nearMisses, notComparable, filteredOut].flatMap((part) =>
      part.slice(0, LISTED_FIRST).map(({ curve }) => curve),
    ),
  ];
  return new Set(curves.map(idOf));
}

/**
 * The configurations a page takes along in place of all: those on the frontiers, the best of each accelerator, the first of each
 * list, and as many rows of the ranking as there is room for. All curves of a configuration go together, because which of them
 * answers depends on the others.
 */
export function configurationsKept(
  view: ExplorerView,
  highlight: readonly string[],
  isDeployable: (row: RankedConfiguration) => boolean,
): ReadonlySet<string> {
  const pointsOf = new Map<string, number>();
  for (const curve of view.curves) pointsOf.set(idOf(curve), (pointsOf.get(idOf(curve)) ?? 0) + curve.points.length);
  const kept = neededConfigurations(view, highlight, isDeployable);
  let points = [...kept].reduce((sum, id) => sum + (pointsOf.get(id) ?? 0), 0);
  for (const { curve } of view.ranking.ranked.slice(0, ROWS_KEPT)) {
    const more = kept.has(idOf(curve)) ? 0 : (pointsOf.get(idOf(curve)) ?? 0);
    if (points + more > MAX_WHOLE_POINTS) break;
    kept.add(idOf(curve));
    points += more;
  }
  return kept;
}

/** What a page with a part of the load points is told of all of them. */
export function summaryOf(view: ExplorerView, first: readonly AvailableAxis[]): ExplorerSummary {
  const { curves, ranking, available } = view;
  const places = new Map(ranking.ranked.map(({ curve }, index) => [idOf(curve), index + 1]));
  return {
    loadPoints: curves.reduce((sum, curve) => sum + curve.points.length, 0),
    configurations: new Set(curves.map(idOf)).size,
    counts: countsOf(ranking),
    places: Object.fromEntries(
      view.highlighted.flatMap(({ curve }) => {
        const place = places.get(idOf(curve));
        return place === undefined ? [] : [[idOf(curve), place]];
      }),
    ),
    servers: serversOf(curves),
    sources: sourcesOf(curves),
    available,
    first: [...first],
  };
}

/** What of a view a reader sees of some configurations: rows, what stands outside the ranking, and the frontiers. */
function seenOf({ axes, ranking, frontiers, pricedAccelerators }: ExplorerView, kept: ReadonlySet<string>): unknown {
  const { ranked, nearMisses, ...outside } = ranking;
  const ofKept = <T extends { curve: LoadCurve }>(items: readonly T[]) =>
    items.filter(({ curve }) => kept.has(idOf(curve)));
  return {
    axes,
    hasPrices: pricedAccelerators > 0,
    ranked: ofKept(ranked).map(({ curve, operatingPoint, cost, capacity, breakEvenUsdPerAcceleratorHour }) => [
      curve.curveId,
      operatingPoint.kind,
      operatingPoint.outputTokensPerSecond,
      cost.kind === "known" ? cost.usdPerMillionOutputTokens : null,
      capacity?.usdPerHour,
      breakEvenUsdPerAcceleratorHour,
    ]),
    nearMisses: ofKept(nearMisses).map((miss) => [miss.curve.curveId, nearMissReason(miss)]),
    outside: Object.values(outside).map((part) => ofKept<{ curve: LoadCurve; reason: string }>(part).map(reasonOf)),
    frontiers: frontiers
      .filter(({ points }) => points.length > 0)
      .map(({ accelerator, points }) => [
        accelerator,
        points.map(({ point, x, y, connection, curve }) => [point.pointId, curve.curveId, x, y, connection]),
      ]),
  };
}

function reasonOf({ curve, reason }: { curve: LoadCurve; reason: string }): string[] {
  return [curve.curveId, reason];
}

/** True where a view of the kept configurations says of them what the view of all says. */
export function saysTheSame(all: ExplorerView, part: ExplorerView, kept: ReadonlySet<string>): boolean {
  return JSON.stringify(seenOf(all, kept)) === JSON.stringify(seenOf(part, kept));
}
