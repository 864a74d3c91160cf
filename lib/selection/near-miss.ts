import type { LoadPoint, Slo } from "../domain";
import type { JudgedPoint } from "./judged-points";
import { standing } from "./slo";
import type { NearMiss, SloStanding } from "./types";

/** The measured point that comes closest to meeting every SLO, and what single change of a limit would admit it. */
export interface Closest {
  point: LoadPoint;
  standings: SloStanding[];
  smallestRelaxation: NearMiss["smallestRelaxation"];
}

/** How far over its limit the worst SLO is, as value ÷ limit. */
function worstRatio(at: JudgedPoint, slos: readonly Slo[]): number {
  let worst = 0;
  for (const [index, slo] of slos.entries()) {
    worst = Math.max(worst, (at.readings[index]?.valueMs ?? Number.POSITIVE_INFINITY) / slo.limitMs);
  }
  return worst;
}

/** Index of the only SLO a point fails; `null` when it fails several (or none). */
function onlyFailure(at: JudgedPoint, slos: readonly Slo[]): number | null {
  let failing: number | null = null;
  for (const [index, slo] of slos.entries()) {
    if ((at.readings[index]?.valueMs ?? Number.POSITIVE_INFINITY) <= slo.limitMs) continue;
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
  let admitted: { at: JudgedPoint; slo: Slo; index: number; limitMs: number; increase: number } | null = null;
  let least: { at: JudgedPoint; ratio: number } | null = null;
  for (const at of points) {
    if (at.throughput === null) continue;
    const ratio = worstRatio(at, slos);
    if (least === null || ratio < least.ratio) least = { at, ratio };
    const index = onlyFailure(at, slos);
    const slo = index === null ? undefined : slos[index];
    const limitMs = index === null ? undefined : at.readings[index]?.valueMs;
    if (index === null || slo === undefined || limitMs === undefined) continue;
    const increase = limitMs / slo.limitMs - 1;
    const better = admitted === null || increase < admitted.increase;
    const first = admitted !== null && increase === admitted.increase && index < admitted.index;
    if (better || first) admitted = { at, slo, index, limitMs, increase };
  }
  const closest = admitted?.at ?? least?.at;
  if (closest === undefined) return null;
  return {
    point: closest.point,
    standings: slos.map((slo) => standing(closest.point, slo)),
    smallestRelaxation: admitted && {
      slo: admitted.slo,
      limitMs: admitted.limitMs,
      relativeIncrease: admitted.increase,
    },
  };
}
