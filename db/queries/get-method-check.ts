import type { MethodCheck } from "../../lib/explorer/method-check";
import { loadCurves } from "../../lib/frontier/curve";
import { flagOutliers, isOutlier } from "../../lib/frontier/outliers";
import { derivationCheck, leaveOneOut } from "../../lib/selection/truth-check";
import type { Database } from "../client";
import { getCurrentRevision } from "./get-revision";
import { listAccelerators } from "./list-accelerators";
import { listModels } from "./list-models";
import { listRuns } from "./list-runs";

// Pure in the revision, and the whole data set is read for it: worked out once a revision.
const checked = new WeakMap<Database, MethodCheck>();

/** How far the rules can be trusted on the data at hand, and which sources it has. */
export async function getMethodCheck(db: Database): Promise<MethodCheck> {
  const revision = await getCurrentRevision(db);
  const known = checked.get(db);
  if (known?.revision === revision.id) return known;
  const [every, models, accelerators] = await Promise.all([
    listRuns(db, revision.id, { every: true }),
    listModels(db, revision.id),
    listAccelerators(db, revision.id),
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
  const check: MethodCheck = {
    revision: revision.id,
    curves: curves.length,
    points,
    outliers,
    leaveOneOut: leaveOneOut(curves),
    derivation: derivationCheck(curves),
    sources: [...sources.values()].sort((a, b) => b.points - a.points || (a.name < b.name ? -1 : 1)),
  };
  checked.set(db, check);
  return check;
}
