import { SET_CHECKS } from "../measurement/checks/all-checks";
import { type Evidence, NO_EVIDENCE } from "../measurement/checks/check";
import type { PointOfSet } from "../measurement/checks/together";
import { configurationKey, effectiveWorkloadId } from "../measurement/identity";
import { addFlag } from "../measurement/quality-flags";
import type { ReadPoint, ReadRun } from "./report";

/** What the report says of a point, with the time of day it states of this very point; the date of a whole run is none. */
function withClock({ evidence = NO_EVIDENCE, measuredOn }: ReadPoint): Evidence {
  return evidence.clock === undefined && measuredOn?.includes("T") ? { ...evidence, clock: measuredOn } : evidence;
}

/** The runs with the caveats of what contradicts another load point among them. Runs without any are returned as they are. */
export function examinedTogether(runs: readonly ReadRun[]): ReadRun[] {
  const points: (PointOfSet & { measurement: ReadPoint })[] = [];
  for (const [index, run] of runs.entries()) {
    const deployment = `${configurationKey(run.configuration)}\n${effectiveWorkloadId(run.workload)}`;
    const name = String(index);
    for (const point of run.points) {
      points.push({ measurement: point, evidence: withClock(point), deployment, run: name, file: point.file });
    }
  }
  const flagged = new Map<ReadPoint, ReadRun["qualityFlags"]>();
  const changed = new Set<string>();
  for (const check of SET_CHECKS) {
    for (const found of check.find(points)) {
      const place = points[found];
      if (place === undefined) continue;
      const point = place.measurement;
      const flags = flagged.get(point) ?? [...point.qualityFlags];
      addFlag(flags, check.flag);
      flagged.set(point, flags);
      changed.add(place.run);
    }
  }
  return runs.map((run, index) =>
    changed.has(String(index))
      ? {
          ...run,
          points: run.points.map((point) => {
            const qualityFlags = flagged.get(point);
            return qualityFlags === undefined ? point : { ...point, qualityFlags };
          }),
        }
      : run,
  );
}
