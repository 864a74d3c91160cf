import { openDatabase } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listModels } from "../../db/queries/list-models";
import { listWorkloads } from "../../db/queries/list-workloads";
import { parseExplorerQuery } from "../../lib/params/explorer-params";
import { getExplorerData } from "../../server/pages/get-explorer-data";

/** A page that is measured. */
export interface MeasuredPage {
  /** For the table. */
  name: string;
  path: string;
  /** Load points of its model and workload. */
  loadPoints: number;
}

/** Named besides the first page and the one with most data: many accelerators and precisions under one workload. */
const NAMED = { model: "openai/gpt-oss-120b", workload: "random-1024-1024" };

function pathOf(model: string, workload: string): string {
  return `/?model=${model}&workload=${workload}`;
}

/** The first page, the page with most load points and the named one; equal ones once. */
export async function measuredPages(databaseFile: string): Promise<MeasuredPage[]> {
  const db = await openDatabase(databaseFile);
  try {
    const revision = await getCurrentRevision(db);
    const pairs: { model: string; workload: string; loadPoints: number }[] = [];
    for (const { model } of await listModels(db, revision.id)) {
      for (const { workload, loadPoints } of await listWorkloads(db, revision.id, model.id)) {
        pairs.push({ model: model.id, workload: workload.workloadId, loadPoints });
      }
    }
    pairs.sort((a, b) => b.loadPoints - a.loadPoints);
    const { query } = await getExplorerData(db, parseExplorerQuery({}).query, revision);
    const first = pairs.find((pair) => pair.model === query.model && pair.workload === query.workload);
    const named = pairs.find((pair) => pair.model === NAMED.model && pair.workload === NAMED.workload);
    const most = pairs[0];
    const pages: MeasuredPage[] = [{ name: "first page", path: "/", loadPoints: first?.loadPoints ?? 0 }];
    if (most !== undefined && most !== first) {
      pages.push({
        name: "page with most data",
        path: pathOf(most.model, most.workload),
        loadPoints: most.loadPoints,
      });
    }
    if (named !== undefined && named !== first && named !== most) {
      pages.push({ name: named.model, path: pathOf(named.model, named.workload), loadPoints: named.loadPoints });
    }
    return pages;
  } finally {
    await db.engine.close();
  }
}

/** `first page (/, 615 load points)` */
export function pageText(page: MeasuredPage): string {
  return `${page.name} (${page.path}, ${page.loadPoints.toLocaleString("en-US")} load points)`;
}
