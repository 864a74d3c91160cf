import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { BYTES_PER_MIB } from "../../lib/units";
import type { Spool, Spooled } from "./spool";

/** Small enough to be read in one call without keeping others waiting; a stream takes many times as long to start. */
export const MAX_READ_AT_ONCE_BYTES = BYTES_PER_MIB;

/** Bytes that can be read more than once and from any place. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** The first bytes, so many or as many as there are. */
  head(count: number): Buffer;
  /** Bytes from `start` up to `end` (exclusive); all of them by default. */
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

/** A file on disk. If it cannot be opened, asking for its bytes or its size throws. */
export function diskSource(file: string): ByteSource {
  return new DiskSource(file);
}

class DiskSource implements ByteSource {
  private size: number | null = null;

  constructor(private readonly file: string) {}

  get sizeBytes(): number {
    this.size ??= statSync(this.file).size;
    return this.size;
  }

  head(count: number): Buffer {
    if (count > SCRATCH.length) return readFileRange(this.file, 0, count);
    // Read into a shared buffer first, because most files are smaller than what is asked for.
    const length = readInto(SCRATCH.subarray(0, count), this.file, 0);
    return Buffer.from(SCRATCH.subarray(0, length));
  }

  stream(start = 0, end = this.sizeBytes): Readable {
    return end <= start ? Readable.from([]) : createReadStream(this.file, { start, end: end - 1 });
  }

  read(start = 0, end = this.sizeBytes): Buffer {
    return readFileRange(this.file, start, end);
  }
}

const SCRATCH = Buffer.allocUnsafeSlow(128 * 1024);

function readFileRange(file: string, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(end - start, 0));
  return bytes.subarray(0, readInto(bytes, file, start));
}

/** Fills a buffer from a place of a file; returns how many bytes there were. */
function readInto(bytes: Buffer, file: string, start: number): number {
  const handle = openSync(file, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(handle, bytes, done, bytes.length - done, start + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  } finally {
    closeSync(handle);
  }
}

/** What was put away in the spool. */
export function spoolSource(spool: Spool, region: Spooled): ByteSource {
  return {
    sizeBytes: region.length,
    head: (count) => spool.read({ offset: region.offset, length: Math.min(count, region.length) }),
    stream: (start = 0, end = region.length) => spool.stream({ offset: region.offset + start, length: end - start }),
    read: (start = 0, end = region.length) => spool.read({ offset: region.offset + start, length: end - start }),
  };
}

/** Bytes that are at hand. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    sizeBytes: bytes.length,
    head: (count) => bytes.subarray(0, count),
    stream: (start = 0, end = bytes.length) => Readable.from([bytes.subarray(start, end)]),
    read: (start = 0, end = bytes.length) => bytes.subarray(start, end),
  };
}
