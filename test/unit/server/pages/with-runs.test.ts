import { describe, expect, it } from "vitest";
import { getCurrentRevision } from "../../../../db/queries/get-revision";
import { listAccelerators } from "../../../../db/queries/list-accelerators";
import type { Run } from "../../../../lib/domain";
import type { ExplorerData } from "../../../../lib/explorer/data";
import { type ExplorerView, explorerCurves, explorerView, withTargets } from "../../../../lib/explorer/explorer-view";
import { packRuns } from "../../../../lib/explorer/pack-runs";
import { bestOfEachAccelerator, MAX_WHOLE_POINTS } from "../../../../lib/explorer/summary";
import { flagOutliers } from "../../../../lib/frontier/outliers";
import { type ExplorerQuery, parseExplorerQuery } from "../../../../lib/params/explorer-params";
import { rawParams } from "../../../../lib/params/param";
import { nearMissReason } from "../../../../lib/selection/near-miss-words";
import { getExplorerData } from "../../../../server/pages/get-explorer-data";
import { withRuns } from "../../../../server/pages/with-runs";
import { ACCELERATORS, generatedRuns } from "../../../bench/generated-curves";
import { seededDatabase } from "../../db/small-data";

const POINTS = 12_000;

function parse(text: string): ExplorerQuery {
  const { query, problems } = parseExplorerQuery(rawParams(new URLSearchParams(text)));
  expect(problems).toEqual([]);
  return query;
}

/** A view of the data as the page makes it. */
function viewOf(data: ExplorerData): ExplorerView {
  const curves = explorerCurves(data);
  return explorerView(data, curves, withTargets(data.query, curves));
}

describe("the page of a model with very many load points", () => {
  /** The data of a page without its runs, and runs of two accelerators. */
  async function veryMany(text: string): Promise<{ data: ExplorerData; runs: Run[] }> {
    const db = await seededDatabase();
    const revision = await getCurrentRevision(db);
    const data = await getExplorerData(db, parse(`model=org/small&${text}`), revision);
    const some = await listAccelerators(db, revision.id);
    const spread = Array.from({ length: ACCELERATORS }, (_, index) => some[index % some.length] ?? []).flat();
    const runs = generatedRuns(POINTS, spread, "org/small");
    // What is not measured in the small database is not emphasised there.
    return { data: { ...data, query: { ...data.query, highlight: parse(text).highlight } }, runs };
  }

  const pointsIn = (data: ExplorerData) => data.runs.runs.reduce((sum, { rows }) => sum + rows.length, 0);

  it.each([
    "",
    "slo=ttft:p95:400",
    "slo=ttft:p95:400&slo=tpot:p50:12",
    "slo=tpot:p50:4.2",
    "slo=ttft:p95:1",
    "demand=200",
    "rank=latency&slo=ttft:mean:700",
    "rank=throughputPerAccelerator",
    "newest=1",
    "x=deployment&y=e2e:p99",
    "outliers=1&highlight=configuration-777",
  ])("says of “%s” what all of them say, and holds a part", async (text) => {
    const { data, runs } = await veryMany(text);
    const whole = viewOf({
      ...data,
      runs: packRuns(flagOutliers(runs, { models: data.catalogueModels, accelerators: data.accelerators })),
      summary: null,
    });
    const part = withRuns(data, runs, () => true);
    expect(part.summary).toMatchObject({ loadPoints: POINTS, configurations: POINTS / 10, counts: whole.counts });
    expect(pointsIn(part)).toBeLessThanOrEqual(MAX_WHOLE_POINTS);
    const view = viewOf(part);
    const bests = ({ ranking }: ExplorerView) =>
      bestOfEachAccelerator(ranking.ranked, data.query.highlight).map(({ curve, ...row }) => ({
        id: curve.curveId,
        cost: row.cost,
        capacity: row.capacity,
        point: row.operatingPoint.outputTokensPerSecond,
      }));
    const drawn = ({ frontiers }: ExplorerView) =>
      frontiers.map(({ accelerator, points }) => [
        accelerator,
        points.map(({ point, x, y, connection }) => [point.pointId, x, y, connection]),
      ]);
    expect(view.axes).toEqual(whole.axes);
    expect(view.question).toEqual(whole.question);
    expect(view.available).toEqual(whole.available);
    expect(bests(view)).toEqual(bests(whole));
    expect(drawn(view)).toEqual(drawn(whole));
    expect(view.counts).toEqual(whole.counts);
    expect(view.ranking.nearMisses.slice(0, 6).map(nearMissReason)).toEqual(
      whole.ranking.nearMisses.slice(0, 6).map(nearMissReason),
    );
  });

  it("holds all of them where a reader asks for all", async () => {
    const { data: asked, runs } = await veryMany("all=1");
    const data = withRuns(asked, runs, () => true);
    expect(data.query.showAll).toBe(true);
    expect(data.summary).toBeNull();
    expect(pointsIn(data)).toBe(POINTS);
  });

  it("holds all of so few that a page takes them", async () => {
    const { data, runs } = await veryMany("");
    const few = runs.slice(0, MAX_WHOLE_POINTS / 10);
    expect(withRuns(data, few, () => true).summary).toBeNull();
    expect(withRuns(data, [...few, ...runs.slice(-1)], () => true).summary).not.toBeNull();
  });
});
