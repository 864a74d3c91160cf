import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import type { Spool, Spooled } from "./spool";

/** Bytes that can be read more than once and from any place. */
export interface ByteSource {
  sizeBytes: number;
  /** Bytes from `start` up to `end` (exclusive); all of them where neither is said. */
  stream(start?: number, end?: number): Readable;
  /** The same at once, for what is small: a stream takes many times as long to start. Fewer where the source ends before. */
  read(start?: number, end?: number): Buffer;
}

/** A file as a person brought it. */
export interface IntakeFile {
  /** Relative to what was named, `/`-separated. */
  path: string;
  /** True when the person named this very file rather than a directory it lies in. */
  named: boolean;
  source: ByteSource;
}

/** A file on disk. */
export function diskSource(file: string): ByteSource {
  const sizeBytes = statSync(file).size;
  return {
    sizeBytes,
    stream: (start = 0, end = sizeBytes) =>
      end <= start ? Readable.from([]) : createReadStream(file, { start, end: end - 1 }),
    read: (start = 0, end = sizeBytes) => readFileRange(file, start, end),
  };
}

function readFileRange(file: string, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(end - start, 0));
  const handle = openSync(file, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(handle, bytes, done, bytes.length - done, start + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(handle);
  }
}

/** What was put away in the spool. */
export function spoolSource(spool: Spool, region: Spooled): ByteSource {
  return {
    sizeBytes: region.length,
    stream: (start = 0, end = region.length) => spool.stream({ offset: region.offset + start, length: end - start }),
    read: (start = 0, end = region.length) => spool.read({ offset: region.offset + start, length: end - start }),
  };
}

/** The first bytes of a source. */
export function firstBytes(source: ByteSource, count: number): Buffer {
  return source.read(0, Math.min(count, source.sizeBytes));
}
