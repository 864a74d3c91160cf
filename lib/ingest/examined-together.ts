import { SET_CHECKS } from "../measurement/checks/all-checks";
import type { Evidence } from "../measurement/checks/check";
import { configurationKey, effectiveWorkloadId } from "../measurement/identity";
import { addFlag } from "../measurement/quality-flags";
import type { ReadPoint, ReadRun } from "./report";

/** What the report says of a point, with the time of day it states of this very point; the date of a whole run is none. */
function withClock({ evidence = {}, measuredOn }: ReadPoint): Evidence {
  return evidence.clock === undefined && measuredOn?.includes("T") ? { ...evidence, clock: measuredOn } : evidence;
}

/** The runs with the caveats of what contradicts another load point among them. Runs without any are returned as they are. */
export function examinedTogether(runs: readonly ReadRun[]): ReadRun[] {
  const places = runs.flatMap((run, index) => run.points.map((point) => ({ run, index, point })));
  const points = places.map(({ run, index, point }) => ({
    measurement: point,
    evidence: withClock(point),
    deployment: `${configurationKey(run.configuration)}\n${effectiveWorkloadId(run.workload)}`,
    run: String(index),
    file: point.file,
  }));
  const flagged = new Map<(typeof places)[number]["point"], ReadRun["qualityFlags"]>();
  const changed = new Set<ReadRun>();
  for (const check of SET_CHECKS) {
    for (const found of check.find(points)) {
      const place = places[found];
      if (place === undefined) continue;
      const flags = flagged.get(place.point) ?? [...place.point.qualityFlags];
      addFlag(flags, check.flag);
      flagged.set(place.point, flags);
      changed.add(place.run);
    }
  }
  return runs.map((run) =>
    changed.has(run)
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
