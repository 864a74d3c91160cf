import type { Database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { countRunFacets, listRunFacets, listRunSummaries } from "../../db/queries/list-run-summaries";
import { ADAPTERS } from "../../lib/ingest/formats/detect-format";
import type { RunQuery } from "../../lib/params/run-params";
import type { RunNames, RunsPage } from "../../lib/runs/types";

/** Runs on one page of the list. */
const RUNS_PER_PAGE = 50;

/** One page of the runs a query asks for; a page past the end is the last one. */
export async function getRunsPage(db: Database, query: RunQuery): Promise<RunsPage> {
  const [revision, facets, names, counts] = await Promise.all([
    getCurrentRevision(db),
    listRunFacets(db),
    runNames(db),
    query.filter.ingestId === null ? countRunFacets(db, query.filter) : null,
  ]);
  const read = (page: number) =>
    listRunSummaries(db, query.filter, { limit: RUNS_PER_PAGE, offset: (page - 1) * RUNS_PER_PAGE });
  let list = await read(query.page);
  const pages = Math.max(1, Math.ceil(list.total / RUNS_PER_PAGE));
  const page = Math.min(query.page, pages);
  if (page !== query.page) list = await read(page);
  return {
    ...list,
    revision: revision.id,
    query: { ...query, page },
    pages,
    emptyDatabase: facets.formats.length === 0,
    facets,
    counts,
    names,
  };
}

/** What accelerators and report formats are called on screen. */
export async function runNames(db: Database): Promise<RunNames> {
  const revision = await getCurrentRevision(db);
  const accelerators = await listAccelerators(db, revision.id);
  return {
    accelerators: Object.fromEntries(accelerators.map((item) => [item.id, item.shortName])),
    formats: Object.fromEntries(ADAPTERS.map(({ format, label }) => [format, label.replace(/ \(.*$/, "")])),
  };
}
