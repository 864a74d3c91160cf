import { formatExactLatency } from "../format";
import { loadLabel } from "../words";
import { latencyName, sloLabel } from "./slo";
import type { NearMiss } from "./types";
import { short } from "./words";

/** One digit more than elsewhere, so that a near miss does not read as its own limit. */
const NEAR_MISS_DIGITS = 4;
const PERCENT = 100;
/** From here on a multiple is easier to read than a percentage. */
const OVER_AS_MULTIPLE = 10;

/** Rounds up to four significant digits, so that the limit a sentence names truly admits. */
function roundedUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - NEAR_MISS_DIGITS + 1);
  return Math.ceil(value / unit) * unit;
}

/** Why a configuration is no answer: which SLO fails, by how much at its closest point, and what would admit it. */
export function nearMissReason(miss: Omit<NearMiss, "curve">): string {
  const failing = miss.standings.filter((standing) => !standing.met);
  const overs = failing.map(({ slo, valueMs, basis, statisticUsed }) => {
    const value = valueMs ?? Number.POSITIVE_INFINITY;
    const bound =
      basis === "bound" ? ` (by its ${statisticUsed})` : basis === "estimated" ? " (estimated, upper end)" : "";
    const multiple = value / slo.limitMs;
    const over =
      multiple < OVER_AS_MULTIPLE
        ? `${short((multiple - 1) * PERCENT)}% over its limit`
        : `${short(multiple)} × its limit`;
    return `${latencyName(slo)} is ${formatExactLatency(Number(value.toPrecision(NEAR_MISS_DIGITS)))}${bound}, ${over} of ${formatExactLatency(slo.limitMs)}`;
  });
  const closest = `At its closest point (${loadLabel(miss.point.loadKind, miss.point.loadValue)}) ${[...overs, ...(miss.requestsMissed === null ? [] : [miss.requestsMissed])].join(" and ")}.`;
  if (miss.smallestRelaxation === null && overs.length === 0) return closest;
  if (miss.smallestRelaxation === null) return `${closest} No single change of a limit would admit it.`;
  const { slo, limitMs } = miss.smallestRelaxation;
  return `${closest} ${sloLabel({ ...slo, limitMs: roundedUp(limitMs) })} would admit it.`;
}
