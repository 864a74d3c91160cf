import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import type { Spool, Spooled } from "./spool";

/** Bytes that can be read more than once and from any place. */
export interface ByteSource {
  sizeBytes: number;
  /** Bytes from `start` up to `end` (exclusive); all of them where neither is said. */
  stream(start?: number, end?: number): Readable;
}

/** A file as a person brought it. */
export interface IntakeFile {
  /** Relative to what was named, `/`-separated. */
  path: string;
  /** True when the person named this very file rather than a directory it lies in. */
  named: boolean;
  source: ByteSource;
}

export function diskSource(file: string): ByteSource {
  const sizeBytes = statSync(file).size;
  return {
    sizeBytes,
    stream: (start = 0, end = sizeBytes) =>
      end <= start ? Readable.from([]) : createReadStream(file, { start, end: end - 1 }),
  };
}

export function spoolSource(spool: Spool, region: Spooled): ByteSource {
  return {
    sizeBytes: region.length,
    stream: (start = 0, end = region.length) => spool.stream({ offset: region.offset + start, length: end - start }),
  };
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.byteLength,
    stream: (start = 0, end = bytes.byteLength) => Readable.from([Buffer.from(bytes.subarray(start, end))]),
  };
}

/** The first bytes of a source. */
export async function firstBytes(source: ByteSource, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.stream(0, Math.min(count, source.sizeBytes))) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
