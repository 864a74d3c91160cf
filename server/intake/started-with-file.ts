import { Readable } from "node:stream";
import { STARTED_WITH_FILE } from "../../lib/ingest/parse/paths";
import type { ByteSource, IntakeFile } from "./byte-source";

/**
 * How the server was started as a file above all others, as if it lay beside the reports: it is stored with them. None where
 * nothing was said.
 */
export function startedWithFile(text: string | null, files: readonly IntakeFile[]): IntakeFile[] {
  if (text === null) return [];
  const taken = new Set(files.map(({ path }) => path));
  let path = STARTED_WITH_FILE;
  for (let copy = 2; taken.has(path); copy++) path = STARTED_WITH_FILE.replace(".txt", `.${copy}.txt`);
  return [{ path, named: false, source: bytesSource(Buffer.from(text)) }];
}

/** Bytes in memory. */
function bytesSource(bytes: Buffer): ByteSource {
  return {
    sizeBytes: bytes.length,
    head: (count) => bytes.subarray(0, count),
    stream: (start = 0, end = bytes.length) => Readable.from(end <= start ? [] : [bytes.subarray(start, end)]),
    read: (start = 0, end = bytes.length) => bytes.subarray(start, end),
  };
}
