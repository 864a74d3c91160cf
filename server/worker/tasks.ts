import type { FileHandle } from "node:fs/promises";
import type { Revision } from "../../db/queries/get-revision";
import type { ListedModel } from "../../db/queries/list-models";
import type { IngestWay } from "../../db/schema";
import type { RetireOutcome, RunTarget } from "../../db/store/retire-runs";
import type { ExportRequest } from "../../lib/api/export-request";
import type { IngestProgressJson } from "../../lib/api/ingest-json";
import type { ListPage } from "../../lib/api/list-params";
import type { MethodCheck } from "../../lib/explorer/method-check";
import type { FactSuggestions } from "../../lib/ingest/facts/suggestions";
import type { GivenFacts } from "../../lib/ingest/report";
import type { RunFilter, RunQuery } from "../../lib/params/run-params";
import type { RunList, RunsPage } from "../../lib/runs/types";
import type { SentFile } from "../intake/receive-upload";

/** A sent file: where its bytes stand in the upload's temporary file. */
export interface UploadIngest {
  /** The temporary file; who runs the task closes it. */
  handle: FileHandle;
  files: readonly SentFile[];
  given: GivenFacts;
  /** How the server was started; `null` = not said. */
  startedWith: string | null;
  way: IngestWay;
  reason: string;
  dryRun: boolean;
  now: Date;
  /** JSON as one line, or indented for a person's eyes. */
  indented: boolean;
}

/** What worker threads are asked to do. Everything here is copied or handed over between threads. */
export interface Tasks {
  ingestUpload: {
    input: UploadIngest;
    progress: IngestProgressJson;
    /** The answer as JSON in UTF-8. */
    output: { json: Uint8Array; isAllRefused: boolean };
  };
  writeExport: {
    input: { request: ExportRequest; revision: Revision };
    /** First a handle to read the export by, then how many of its bytes can be read. */
    progress: { reader: FileHandle } | { bytes: number };
    output: { bytes: number };
  };
  methodCheck: { input: { revision: number }; progress: never; output: MethodCheck };
  modelList: { input: { revision: number }; progress: never; output: readonly ListedModel[] };
  runsPage: { input: { query: RunQuery }; progress: never; output: RunsPage };
  runSummaries: { input: { filter: RunFilter; page: ListPage }; progress: never; output: RunList };
  factSuggestions: { input: { revision: number }; progress: never; output: FactSuggestions };
  retire: { input: { target: RunTarget; reason: string; now: Date }; progress: never; output: RetireOutcome };
  createShare: { input: { query: string; revision: number }; progress: never; output: string };
}

export type TaskName = keyof Tasks;
export type TaskInput<N extends TaskName> = Tasks[N]["input"];
export type TaskProgress<N extends TaskName> = Tasks[N]["progress"];
export type TaskOutput<N extends TaskName> = Tasks[N]["output"];
