import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";

/** A region of a spool. */
export interface Spooled {
  offset: number;
  length: number;
}

/**
 * One temporary file that only grows: what is unpacked or uploaded waits there until it is stored, so that memory stays small.
 * The file has no name while it is open, so nothing is left behind when the process is killed.
 */
export class Spool {
  private readonly file = path.join(tmpdir(), `inference-quickstart-${randomUUID()}`);
  private readonly handle = openSync(this.file, "wx+", 0o600);
  private size = 0;
  private named = false;

  constructor() {
    try {
      unlinkSync(this.file);
    } catch {
      // Windows keeps the name of an open file: removed when closed.
      this.named = true;
    }
  }

  append(bytes: Uint8Array): Spooled {
    const offset = this.size;
    let written = 0;
    while (written < bytes.byteLength) {
      written += writeSync(this.handle, bytes, written, bytes.byteLength - written, offset + written);
    }
    this.size += written;
    return { offset, length: written };
  }

  /** Appends all a stream gives. Nothing else may be appended meanwhile. */
  async appendStream(stream: AsyncIterable<unknown>): Promise<Spooled> {
    const offset = this.size;
    for await (const chunk of stream) this.append(chunk as Buffer);
    return { offset, length: this.size - offset };
  }

  read({ offset, length }: Spooled): Buffer {
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.handle, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error("The temporary file is shorter than what was written to it.");
      done += count;
    }
    return bytes;
  }

  stream({ offset, length }: Spooled): Readable {
    if (length === 0) return Readable.from([]);
    return createReadStream("", { fd: this.handle, start: offset, end: offset + length - 1, autoClose: false });
  }

  close(): void {
    closeSync(this.handle);
    if (this.named) rmSync(this.file, { force: true });
  }
}
