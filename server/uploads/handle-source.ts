import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import type { ByteSource } from "../intake/byte-source";
import type { Spooled } from "../intake/spool";
import { PIECE_BYTES } from "../temporary-file";

/** A part of an open file, read by position: any number of readers at once, none of which closes it. */
export function handleSource(handle: FileHandle, region: Spooled): ByteSource {
  const read = (start = 0, end = region.length): Buffer => {
    const bytes = Buffer.allocUnsafe(Math.max(end - start, 0));
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(handle.fd, bytes, done, bytes.length - done, region.offset + start + done);
      if (count === 0) throw new Error("The temporary file is shorter than what was written to it.");
      done += count;
    }
    return bytes;
  };
  async function* pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; offset += PIECE_BYTES)
      yield read(offset, Math.min(offset + PIECE_BYTES, end));
  }
  return {
    sizeBytes: region.length,
    head: (count) => read(0, Math.min(count, region.length)),
    stream: (start = 0, end = region.length) => Readable.from(pieces(start, end), { objectMode: false }),
    read,
  };
}
