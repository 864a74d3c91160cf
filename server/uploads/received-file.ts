import { writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { Spooled } from "../intake/spool";
import { openTemporaryFile, type TemporaryFile } from "../temporary-file";

/** The temporary file an upload is received into: the receiver writes, then hands over the means to read it. */
export class ReceivedFile {
  private length = 0;

  private constructor(private readonly file: TemporaryFile) {}

  static async open(): Promise<ReceivedFile> {
    return new ReceivedFile(await openTemporaryFile());
  }

  append(bytes: Uint8Array): Spooled {
    const offset = this.length;
    for (let done = 0; done < bytes.byteLength; ) {
      done += writeSync(this.file.writer.fd, bytes, done, bytes.byteLength - done, offset + done);
    }
    this.length += bytes.byteLength;
    return { offset, length: bytes.byteLength };
  }

  /** The handle for the reader, which closes it. */
  get reader(): FileHandle {
    return this.file.reader;
  }

  /** Ends it, unread or read: a handle that was handed over is no longer ours to close, and closing it does nothing. */
  async close(): Promise<void> {
    await this.file.writer.close();
    await this.file.reader.close();
    this.file.remove();
  }
}
