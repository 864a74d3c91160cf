/** A worker thread: opens the database once and runs the tasks it is sent, one at a time. */
import { getHeapStatistics } from "node:v8";
import { type MessagePort, parentPort, type TransferListItem, workerData } from "node:worker_threads";
import { type Database, openPreparedDatabase, readingDatabase } from "../../db/client";
import { databaseTrouble } from "../../db/database-trouble";
import { listFactSuggestions } from "../../db/queries/list-fact-suggestions";
import { listModels } from "../../db/queries/list-models";
import { listRunSummaries } from "../../db/queries/list-run-summaries";
import { createShare } from "../../db/store/create-share";
import { retireRuns } from "../../db/store/retire-runs";
import { getMethodCheck } from "../pages/get-method-check";
import { getRunsPage } from "../pages/get-runs-page";
import { ingestUpload } from "../tasks/ingest-upload";
import { writeExport } from "../tasks/write-export";
import { isReading } from "./lanes";
import { CANCEL, type RunMessage, type TaskReply, type WorkerSetup } from "./messages";
import type { TaskHandler } from "./task-handler";
import type { TaskInput, TaskName } from "./tasks";

const HANDLERS: { readonly [N in TaskName]: TaskHandler<N> } = {
  ingestUpload,
  writeExport,
  methodCheck: async ({ revision }, { db }) => ({ output: await getMethodCheck(db, revision) }),
  modelList: async ({ revision }, { db }) => ({ output: await listModels(db, revision) }),
  runsPage: async ({ query }, { db }) => ({ output: await getRunsPage(db, query) }),
  runSummaries: async ({ filter, page }, { db }) => ({ output: await listRunSummaries(db, filter, page) }),
  factSuggestions: async ({ revision }, { db }) => ({ output: await listFactSuggestions(db, revision) }),
  retire: async ({ target, reason, now }, { db }) => ({ output: await retireRuns(db, target, reason, now) }),
  createShare: async ({ query, revision }, { db }) => ({ output: await createShare(db, query, revision) }),
};

/** Whoever writes asks the database that is written to. */
function databaseFor(name: TaskName): Promise<Database> {
  const primary = async () => database;
  return isReading(name) ? readingDatabase(primary) : primary();
}

async function run<N extends TaskName>(name: N, input: TaskInput<N>, port: MessagePort): Promise<void> {
  const handler: TaskHandler<N> = HANDLERS[name];
  const left = new AbortController();
  port.on("message", (message: unknown) => {
    if (message === CANCEL) left.abort();
  });
  const say = (reply: TaskReply<N>, handedOver: readonly TransferListItem[] = []) =>
    port.postMessage(reply, [...handedOver]);
  try {
    const { output, handedOver } = await handler(input, {
      db: await databaseFor(name),
      signal: left.signal,
      onProgress: (progress, moved) => say({ kind: "progress", progress }, moved),
    });
    say({ kind: "done", output, heapBytes: getHeapStatistics().total_heap_size }, handedOver);
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const failure = { message, stack, trouble: databaseTrouble(error) };
    say({ kind: "failed", failure, heapBytes: getHeapStatistics().total_heap_size });
  } finally {
    port.close();
  }
}

const setup: WorkerSetup = workerData;
const database = await openPreparedDatabase(setup.databaseAddress);
parentPort?.on("message", (message: RunMessage) => {
  void run(message.name, message.input, message.port);
});
