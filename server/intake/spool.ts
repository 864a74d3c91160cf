import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { BYTES_PER_MIB } from "../../lib/units";
import { PIECE_BYTES } from "../temporary-file";

/** A region of a spool. */
export interface Spooled {
  offset: number;
  length: number;
}

/** The newest bytes are held in memory: a few never reach the disk, many go there in few writes. */
const BUFFER_BYTES = 4 * BYTES_PER_MIB;

/**
 * One temporary file that only grows: what is unpacked or uploaded waits there until it is stored, so that memory stays small.
 * The file has no name while it is open, so nothing is left behind when the process is killed. Only the spool holds its
 * descriptor, and only the spool closes it: a number closed twice may by then belong to another file.
 */
export class Spool {
  private file: SpoolFile | null = null;
  private isClosed = false;
  private buffer: Buffer | null = null;
  /** Bytes in the file, and those behind them in the buffer. */
  private written = 0;
  private buffered = 0;

  /** @throws where the spool is closed */
  append(bytes: Uint8Array): Spooled {
    if (this.isClosed) throw new Error(CLOSED);
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

  /** @throws where the spool is closed */
  read({ offset, length }: Spooled): Buffer {
    if (this.isClosed) throw new Error(CLOSED);
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

  /** The same piece by piece, from positions of the file: any number of streams may read at once, to their end or not. */
  stream(region: Spooled): Readable {
    return new RegionStream(this, region);
  }

  close(): void {
    this.file?.close();
    this.file = null;
    this.buffer = null;
    this.isClosed = true;
  }

  /** The file with all that was appended in it. */
  private flushed(): number {
    this.flush();
    this.file ??= new SpoolFile();
    return this.file.handle;
  }

  private flush(): void {
    if (this.buffer === null || this.buffered === 0) return;
    const bytes = this.buffer.subarray(0, this.buffered);
    this.buffered = 0;
    this.write(bytes);
  }

  private write(bytes: Uint8Array): void {
    this.file ??= new SpoolFile();
    let done = 0;
    while (done < bytes.byteLength) {
      done += writeSync(this.file.handle, bytes, done, bytes.byteLength - done, this.written + done);
    }
    this.written += done;
  }
}

const CLOSED = "The temporary file is closed.";

class RegionStream extends Readable {
  private done = 0;
  /** Set while the next piece waits for its turn. */
  private turn: NodeJS.Immediate | null = null;

  constructor(
    private readonly spool: Spool,
    private readonly region: Spooled,
  ) {
    super();
  }

  override _read(): void {
    if (this.done === this.region.length) {
      this.push(null);
      return;
    }
    // If all pieces came at once, nothing else could run until the last of them.
    this.turn = setImmediate(() => this.pushPiece());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.turn !== null) clearImmediate(this.turn);
    callback(error);
  }

  private pushPiece(): void {
    try {
      const length = Math.min(PIECE_BYTES, this.region.length - this.done);
      const piece = this.spool.read({ offset: this.region.offset + this.done, length });
      this.done += length;
      this.push(piece);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

class SpoolFile {
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
