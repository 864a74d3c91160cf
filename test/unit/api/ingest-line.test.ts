import { describe, expect, it } from "vitest";
import { readIngestLine } from "../../../lib/api/ingest-line";

const PROGRESS = { filesDone: 1, files: 3, bytesDone: 10, bytes: null };
const RESULT = {
  dryRun: true,
  revision: 2,
  files: 1,
  runs: [],
  loadPoints: 0,
  duplicates: 0,
  skipped: [],
  problems: [],
  notes: [],
};

describe("a line of the answer to an upload", () => {
  it("is progress, the result or an error", () => {
    expect(readIngestLine(JSON.stringify({ progress: PROGRESS }))).toEqual({ progress: PROGRESS });
    expect(readIngestLine(JSON.stringify({ result: RESULT }))).toEqual({ result: RESULT });
    expect(readIngestLine('{"error":"Too large."}')).toEqual({ error: "Too large." });
  });

  it.each([
    "",
    "<html>502 Bad Gateway</html>",
    "null",
    "[]",
    '{"result":',
    '{"error":{"code":1}}',
    JSON.stringify({ result: { ...RESULT, runs: null } }),
    JSON.stringify({ progress: { ...PROGRESS, files: "3" } }),
  ])("is nothing where something else wrote it: %s", (text) => {
    expect(readIngestLine(text)).toBeNull();
  });
});
