import type { Database } from "../db/client";
import { countIngestedPoints } from "../db/queries/count-load-points";
import { getCurrentRevision } from "../db/queries/get-revision";
import { listFactSuggestions } from "../db/queries/list-fact-suggestions";
import { modelLists } from "../db/queries/list-models";
import { listRunSummaries } from "../db/queries/list-run-summaries";
import type { ListPage } from "../lib/api/list-params";
import type { FactSuggestions } from "../lib/ingest/facts/suggestions";
import type { RunFilter, RunQuery } from "../lib/params/run-params";
import type { RunList, RunsPage } from "../lib/runs/types";
import { getRunsPage } from "./pages/get-runs-page";
import { runTask } from "./worker/pool";
import { outputOf } from "./worker/task-outcome";
import type { TaskInput, TaskName, TaskOutput } from "./worker/tasks";

/** Below it a list of everything takes a few milliseconds, and a thread of its own would only make it slower. */
const LARGE_LOAD_POINTS = 20_000;

const TIME_LIMIT_MS = 60_000;

/** True where a question about all runs would block other requests. */
async function isLarge(db: Database): Promise<boolean> {
  return (await countIngestedPoints(db)) > LARGE_LOAD_POINTS;
}

/** One page of the runs a query asks for. */
export async function runsPage(db: Database, query: RunQuery): Promise<RunsPage> {
  return (await isLarge(db)) ? inWorker("runsPage", { query }) : getRunsPage(db, query);
}

/** Runs that match, for machines. */
export async function runSummaries(db: Database, filter: RunFilter, page: ListPage): Promise<RunList> {
  return (await isLarge(db)) ? inWorker("runSummaries", { filter, page }) : listRunSummaries(db, filter, page);
}

/** What a person is likely to answer when a report lacks a fact. */
export async function factSuggestions(db: Database, revision: number): Promise<FactSuggestions> {
  return (await isLarge(db)) ? inWorker("factSuggestions", { revision }) : listFactSuggestions(db, revision);
}

/** Makes sure that the list of models at a revision is cached, so that asking for it does not count all runs. */
export async function prepareModelList(db: Database, revision: number): Promise<void> {
  if ((await modelLists.has(db, revision)) || !(await isLarge(db))) return;
  const newest = (await getCurrentRevision(db)).id;
  await modelLists.keep(db, revision, newest, await inWorker("modelList", { revision }));
}

async function inWorker<N extends TaskName>(name: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
  const words = { what: "Reading the list", wayOut: "Try again, or ask for fewer runs.", timeLimitMs: TIME_LIMIT_MS };
  return outputOf(await runTask(name, input, words));
}
