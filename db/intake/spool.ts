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

/** What has come lately is held in memory: little never reaches the disk, much goes there in few writes. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * One temporary file that only grows: what is unpacked or uploaded waits there until it is stored, so that memory stays small.
 * The file has no name while it is open, so nothing is left behind when the process is killed.
 */
export class Spool {
  private file: TemporaryFile | null = null;
  private buffer: Buffer | null = null;
  /** Bytes in the file, and those behind them in the buffer. */
  private written = 0;
  private buffered = 0;

  append(bytes: Uint8Array): Spooled {
    const region = { offset: this.written + this.buffered, length: bytes.byteLength };
    if (bytes.byteLength > BUFFER_BYTES - this.buffered) this.flush();
    if (bytes.byteLength > BUFFER_BYTES) {
      this.write(bytes);
    } else {
      this.buffer ??= Buffer.allocUnsafe(BUFFER_BYTES);
      this.buffer.set(bytes, this.buffered);
      this.buffered += bytes.byteLength;
    }
    return region;
  }

  /** Appends all a stream gives. Nothing else may be appended meanwhile. */
  async appendStream(stream: AsyncIterable<unknown>): Promise<Spooled> {
    const offset = this.written + this.buffered;
    for await (const chunk of stream) this.append(chunk as Buffer);
    return { offset, length: this.written + this.buffered - offset };
  }

  read({ offset, length }: Spooled): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (this.buffer !== null && offset >= this.written && offset + length <= this.written + this.buffered) {
      this.buffer.copy(bytes, 0, offset - this.written, offset - this.written + length);
      return bytes;
    }
    const handle = this.flushed();
    let done = 0;
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error("The temporary file is shorter than what was written to it.");
      done += count;
    }
    return bytes;
  }

  stream(region: Spooled): Readable {
    const { offset, length } = region;
    if (length === 0) return Readable.from([]);
    if (length <= BUFFER_BYTES && offset >= this.written) return Readable.from([this.read(region)]);
    return createReadStream("", { fd: this.flushed(), start: offset, end: offset + length - 1, autoClose: false });
  }

  close(): void {
    this.file?.close();
    this.file = null;
    this.buffer = null;
  }

  /** The file with all that was appended in it. */
  private flushed(): number {
    this.flush();
    this.file ??= new TemporaryFile();
    return this.file.handle;
  }

  private flush(): void {
    if (this.buffer === null || this.buffered === 0) return;
    const bytes = this.buffer.subarray(0, this.buffered);
    this.buffered = 0;
    this.write(bytes);
  }

  private write(bytes: Uint8Array): void {
    this.file ??= new TemporaryFile();
    let done = 0;
    while (done < bytes.byteLength) {
      done += writeSync(this.file.handle, bytes, done, bytes.byteLength - done, this.written + done);
    }
    this.written += done;
  }
}

class TemporaryFile {
  private readonly file = path.join(tmpdir(), `inference-quickstart-${randomUUID()}`);
  readonly handle = openSync(this.file, "wx+", 0o600);
  private named = false;

  constructor() {
    try {
      unlinkSync(this.file);
    } catch {
      // Windows keeps the name of an open file: removed when closed.
      this.named = true;
    }
  }

  close(): void {
    closeSync(this.handle);
    if (this.named) rmSync(this.file, { force: true });
  }
}
