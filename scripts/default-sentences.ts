import { database } from "../db/client";
import { getCurrentRevision } from "../db/queries/get-revision";
import { listModels } from "../db/queries/list-models";
import { askedView } from "../lib/explorer/explorer-view";
import { answerText, nearMissText } from "../lib/explorer/sentence";
import { formatPercent } from "../lib/format";
import { parseExplorerQuery } from "../lib/params/explorer-params";
import { isWideGap } from "../lib/selection/grade";
import type { RankedConfiguration } from "../lib/selection/types";
import { getExplorerData } from "../server/pages/get-explorer-data";

/** From here on a million output tokens cost more than anybody pays for them. USD. */
const DEAR_USD = 20;

/** What would make a reader doubt an answer; empty = nothing. */
function doubts({ operatingPoint, cost, curve }: RankedConfiguration): string[] {
  const found: string[] = [];
  if (cost.kind === "known" && cost.usdPerMillionOutputTokens > DEAR_USD) found.push("dear");
  if (
    operatingPoint.kind === "atLeast" &&
    operatingPoint.loadKind === "concurrency" &&
    (operatingPoint.loadValue ?? 0) <= 1
  )
    found.push("one request in flight");
  if (operatingPoint.kind === "atLeast" && curve.points.length === 1) found.push("one point");
  if (
    operatingPoint.kind === "interpolated" &&
    isWideGap(operatingPoint.between[0].loadValue, operatingPoint.between[1].loadValue)
  )
    found.push(`wide gap, expected error ${formatPercent(operatingPoint.expectedRelativeError)}`);
  if (operatingPoint.loadKind === "max") found.push("everything at once");
  return found;
}

/** Prints what the page says first of every model that was measured, and what would make a reader doubt it. */
async function main(): Promise<void> {
  const db = await database();
  const revision = await getCurrentRevision(db);
  let answered = 0;
  for (const { model, loadPoints } of await listModels(db, revision.id)) {
    if (loadPoints === 0) continue;
    const { query } = parseExplorerQuery({ model: model.id });
    const data = await getExplorerData(db, query, revision);
    const { view } = askedView(data);
    const [best] = view.ranking.ranked;
    console.log(
      `\n${model.id} · ${data.workload?.workloadId ?? "no workload"} · ${view.question.slos.map((slo) => `${slo.metric} ${slo.statistic} ${slo.limitMs}`).join(", ") || "no targets"}`,
    );
    if (best === undefined) {
      const [near] = view.ranking.nearMisses;
      const reason = view.ranking.notComparable[0]?.reason ?? "nothing";
      console.log(`  NO ANSWER: ${near === undefined ? reason : nearMissText(near, data.accelerators)}`);
      continue;
    }
    answered++;
    const { headline, notes } = answerText(best, data.accelerators, view.question);
    console.log(`  ${headline.map(({ text }) => text).join("")}\n  (${notes.join("; ")})`);
    const found = doubts(best);
    if (found.length > 0) console.log(`  DOUBT: ${found.join("; ")}`);
  }
  console.log(`\n${answered} answers`);
}

await main();
