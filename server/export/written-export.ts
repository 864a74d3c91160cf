import type { FileHandle } from "node:fs/promises";
import type { Revision } from "../../db/queries/get-revision";
import type { ExportRequest } from "../../lib/api/export-request";
import { PIECE_BYTES } from "../temporary-file";
import { runTask } from "../worker/pool";
import type { TaskOutcome, TaskRefusal } from "../worker/task-outcome";

/** For writing all of it; reading it may take longer. */
const TIME_LIMIT_MS = 10 * 60 * 1000;

/** An export that a worker thread writes into a temporary file, read from there while it grows. */
export class WrittenExport {
  private readonly left = new AbortController();
  private reader: FileHandle | null = null;
  private writtenBytes = 0;
  private readBytes = 0;
  private outcome: TaskOutcome<unknown> | { kind: "failed"; error: unknown } | null = null;
  private readonly task: Promise<void>;
  /** Wakes up whoever waits for something new. */
  private wake = () => {};

  constructor(request: ExportRequest, revision: Revision) {
    const input = { request, revision };
    const written = runTask("writeExport", input, {
      what: "Writing the export",
      wayOut: "Ask for one model (model=…), leave the reports out (reports=0), or run `npm run iq -- export`.",
      timeLimitMs: TIME_LIMIT_MS,
      signal: this.left.signal,
      onProgress: (progress) => {
        if ("bytes" in progress) this.writtenBytes = progress.bytes;
        else this.reader = progress.reader;
        this.wake();
      },
    });
    this.task = written
      .then(
        (outcome) => {
          this.outcome = outcome;
        },
        (error: unknown) => {
          this.outcome = { kind: "failed", error };
        },
      )
      .finally(() => this.wake());
  }

  /**
   * Waits until there is something to read.
   * @returns why there never will be, else `null`
   * @throws what writing it threw
   */
  async opened(): Promise<TaskRefusal | null> {
    while (this.writtenBytes === 0 && this.outcome === null) await this.news();
    if (this.outcome?.kind === "failed") throw this.outcome.error;
    return this.outcome?.kind === "refused" ? this.outcome : null;
  }

  /**
   * The next piece; `null` at the end.
   * @throws where writing it was broken off: what was read is not the whole
   */
  async next(): Promise<Uint8Array | null> {
    while (this.readBytes === this.writtenBytes || this.reader === null) {
      if (this.outcome?.kind === "done") return null;
      if (this.outcome?.kind === "failed") throw this.outcome.error;
      if (this.outcome !== null) throw new Error("The export was broken off.");
      await this.news();
    }
    const length = Math.min(PIECE_BYTES, this.writtenBytes - this.readBytes);
    const { bytesRead, buffer } = await this.reader.read(Buffer.allocUnsafe(length), 0, length, this.readBytes);
    if (bytesRead === 0) throw new Error("The temporary file is shorter than what was written to it.");
    this.readBytes += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  /** Ends it, whole or not, and gives back what it holds. */
  async close(): Promise<void> {
    this.left.abort();
    await this.task;
    await this.reader?.close();
  }

  private news(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
