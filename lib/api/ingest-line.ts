import { isRecord } from "../ingest/parse/fields";
import type { IngestJson, IngestLine, IngestProgressJson } from "./ingest-json";

function isProgress(value: unknown): value is IngestProgressJson {
  return (
    isRecord(value) &&
    [value.filesDone, value.files, value.bytesDone].every((count) => typeof count === "number") &&
    (value.bytes === null || typeof value.bytes === "number")
  );
}

/** The parts a reader counts on are there; what is inside a run was written by the same program. */
function isIngestJson(value: unknown): value is IngestJson {
  return (
    isRecord(value) &&
    typeof value.dryRun === "boolean" &&
    [value.revision, value.files, value.loadPoints, value.duplicates].every((count) => typeof count === "number") &&
    [value.runs, value.skipped, value.problems, value.notes].every((list) => Array.isArray(list))
  );
}

/** JSON as a record, or `null` where the text is none. */
function recordOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** One line of the answer to an upload, or `null` where something else than the server wrote it. */
export function readIngestLine(text: string): IngestLine | null {
  const line = recordOf(text);
  if (line === null) return null;
  if (isProgress(line.progress)) return { progress: line.progress };
  if (isIngestJson(line.result)) return { result: line.result };
  return typeof line.error === "string" ? { error: line.error } : null;
}
