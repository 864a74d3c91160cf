import type { LoadPoint, Slo } from "../domain";
import type { JudgedPoint } from "./judged-points";
import { sloReading, standingOf } from "./slo";
import type { NearMiss, SloStanding } from "./types";

/** The measured point that comes closest to meeting every SLO, and what single change of a limit would admit it. */
export interface Closest {
  point: LoadPoint;
  standings: SloStanding[];
  smallestRelaxation: NearMiss["smallestRelaxation"];
}

/** How far over its limit the worst SLO is, as value ÷ limit. */
function worstRatio(judged: JudgedPoint, slos: readonly Slo[]): number {
  let worst = 0;
  for (const [index, slo] of slos.entries()) {
    worst = Math.max(worst, (judged.readings[index]?.valueMs ?? Number.POSITIVE_INFINITY) / slo.limitMs);
  }
  return worst;
}

/** Index of the only SLO a point fails; `null` when it fails several (or none). */
function onlyFailure(judged: JudgedPoint, slos: readonly Slo[]): number | null {
  let failing: number | null = null;
  for (const [index, slo] of slos.entries()) {
    if ((judged.readings[index]?.valueMs ?? Number.POSITIVE_INFINITY) <= slo.limitMs) continue;
    if (failing !== null) return null;
    failing = index;
  }
  return failing;
}

/**
 * For a curve on which no candidate meets every SLO: the smallest single relaxation, i.e. the least relative increase of
 * one limit that admits a point while the other SLOs hold, and the point it admits. Where no single one does, the point
 * whose worst SLO is least over. The relaxed limit is that point's own latency, to the last bit: it truly admits it.
 * Ties: the SLO asked first, then the lower load. `null` where no point has a throughput.
 */
export function closestTo(points: readonly JudgedPoint[], slos: readonly Slo[]): Closest | null {
  let admitted: { judged: JudgedPoint; slo: Slo; index: number; limitMs: number; increase: number } | null = null;
  let least: { judged: JudgedPoint; ratio: number } | null = null;
  for (const judged of points) {
    if (judged.throughput === null) continue;
    const ratio = worstRatio(judged, slos);
    if (least === null || ratio < least.ratio) least = { judged, ratio };
    const index = onlyFailure(judged, slos);
    const slo = index === null ? undefined : slos[index];
    const limitMs = index === null ? undefined : judged.readings[index]?.valueMs;
    if (index === null || slo === undefined || limitMs === undefined) continue;
    const increase = limitMs / slo.limitMs - 1;
    const better = admitted === null || increase < admitted.increase;
    const first = admitted !== null && increase === admitted.increase && index < admitted.index;
    if (better || first) admitted = { judged, slo, index, limitMs, increase };
  }
  const closest = admitted?.judged ?? least?.judged;
  if (closest === undefined) return null;
  return {
    point: closest.point,
    standings: slos.map((slo, index) => standingOf(closest.readings[index] ?? sloReading(closest.point, slo), slo)),
    smallestRelaxation: admitted && {
      slo: admitted.slo,
      limitMs: admitted.limitMs,
      relativeIncrease: admitted.increase,
    },
  };
}
