import { ingestJson, isAllRefused } from "../../lib/api/ingest-json";
import { ingestFiles } from "../intake/ingest-files";
import { startedWithFile } from "../intake/started-with-file";
import { handleSource } from "../uploads/handle-source";
import type { TaskContext, TaskResult } from "../worker/task-handler";
import type { UploadIngest } from "../worker/tasks";

/** Between two words of progress. */
const PROGRESS_INTERVAL_MS = 100;

/** Reads an upload, stores its runs, and answers as JSON. */
export async function ingestUpload(
  { handle, files, given, startedWith, way, reason, dryRun, now, indented }: UploadIngest,
  { db, signal, onProgress }: TaskContext<"ingestUpload">,
): Promise<TaskResult<"ingestUpload">> {
  let lastAt = 0;
  try {
    const sent = files.map(({ path, named, region }) => ({ path, named, source: handleSource(handle, region) }));
    const outcome = await ingestFiles(db, [...sent, ...startedWithFile(startedWith, sent)], {
      ...{ given, way, reason, dryRun, now, signal },
      onProgress: ({ filesDone, files: count, bytesDone, bytes }) => {
        const now = performance.now();
        if (now - lastAt < PROGRESS_INTERVAL_MS) return;
        lastAt = now;
        onProgress({ filesDone, files: count, bytesDone, bytes });
      },
    });
    const result = ingestJson(outcome);
    const json = new TextEncoder().encode(JSON.stringify(result, null, indented ? 2 : 0));
    return { output: { json, isAllRefused: isAllRefused(result) }, handedOver: [json.buffer] };
  } finally {
    await handle.close();
  }
}
