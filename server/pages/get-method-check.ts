import type { Database } from "../../db/client";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listModels } from "../../db/queries/list-models";
import { listRuns } from "../../db/queries/list-runs";
import { compareText } from "../../lib/compare-text";
import type { MethodCheck } from "../../lib/explorer/method-check";
import { loadCurves } from "../../lib/frontier/curve";
import { flagOutliers, isOutlier } from "../../lib/frontier/outliers";
import { calibratedRatios } from "../../lib/selection/calibrated-ratios";
import { crossingErrors } from "../../lib/selection/crossing-check";
import { derivationCheck, leaveOneOut } from "../../lib/selection/truth-check";

/** How far the rules can be trusted on the data valid at a revision, and which sources it has. Reads all of it: a matter of seconds. */
export async function getMethodCheck(db: Database, revision: number): Promise<MethodCheck> {
  const [every, models, accelerators] = await Promise.all([
    listRuns(db, revision, { every: true }),
    listModels(db, revision),
    listAccelerators(db, revision),
  ]);
  const runs = flagOutliers(every, { models: models.map((item) => item.model), accelerators });
  const curves = loadCurves(runs);
  const sources = new Map<string, MethodCheck["sources"][number]>();
  let points = 0;
  let outliers = 0;
  for (const run of runs) {
    const source = sources.get(run.source.name) ?? { ...run.source, points: 0 };
    source.points += run.points.length;
    sources.set(run.source.name, source);
    points += run.points.length;
    outliers += run.points.filter(isOutlier).length;
  }
  return {
    revision,
    curves: curves.length,
    points,
    outliers,
    leaveOneOut: leaveOneOut(curves),
    crossings: crossingErrors(curves),
    derivation: derivationCheck(curves),
    percentileRatios: calibratedRatios(curves),
    sources: [...sources.values()].sort((a, b) => b.points - a.points || compareText(a.name, b.name)),
  };
}
