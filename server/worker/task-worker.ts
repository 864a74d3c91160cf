import os from "node:os";
import path from "node:path";
import { MessageChannel, type TransferListItem, Worker } from "node:worker_threads";
import { databaseAddress } from "../../db/client";
import { DatabaseRefusedError, DatabaseUnreachableError } from "../../db/database-refused";
import { noteUnreachable } from "../../db/postgres/unreachable";
import { projectRoot } from "../../db/project-root";
import { BYTES_PER_MIB } from "../../lib/units";
import { CANCEL, type TaskFailure, type TaskReply, type WorkerSetup } from "./messages";
import { refusedAsTooLarge, refusedAsTooLong, type TaskOutcome, type TaskWords } from "./task-outcome";
import type { TaskInput, TaskName, TaskOutput, TaskProgress } from "./tasks";

/** Memory of one worker's objects: a share of the machine's, within these. */
const MEMORY_SHARE = 0.3;
const MIN_MEMORY_MIB = 1024;
const MAX_MEMORY_MIB = 4096;
/** With less a worker could not load its own program. */
const LEAST_MEMORY_MIB = 64;

/** A worker that holds more than this after its task is better replaced: that gives the memory back at once. */
const KEPT_HEAP_BYTES = 256 * BYTES_PER_MIB;

/** How long a task may take to end by itself once its outcome is no longer wanted. */
const CANCEL_GRACE_MS = 1000;

export interface TaskOptions<N extends TaskName> extends TaskWords {
  /** Counted from when it runs, not while it waits. */
  timeLimitMs: number;
  signal?: AbortSignal | undefined;
  /** Of the input: what belongs to the task once it runs. */
  handedOver?: readonly TransferListItem[];
  onProgress?: ((progress: TaskProgress<N>) => void) | undefined;
}

/** One worker thread, which runs one task at a time. */
export class TaskWorker {
  private readonly worker: Worker;
  private readonly memoryMib = workerMemoryMib();
  private heapBytes = 0;
  private failure: unknown = null;
  hasEnded = false;
  /** Called once, when the thread has ended. */
  onEnd: (failure: unknown) => void = () => {};

  constructor() {
    const file = path.join(/* turbopackIgnore: true */ projectRoot(), "server", "worker", "start.mjs");
    const setup: WorkerSetup = { databaseAddress: databaseAddress() };
    this.worker = new Worker(/* turbopackIgnore: true */ file, {
      workerData: setup,
      // It brings its own loader: the one this process was started with may be of another kind.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.memoryMib },
    });
    // A process that has nothing else to do may end.
    this.worker.unref();
    this.worker.on("error", (error) => {
      this.failure = error;
    });
    this.worker.once("exit", () => {
      this.hasEnded = true;
      this.onEnd(this.failure);
    });
  }

  /** True where the thread had better not take another task. */
  get isWorn(): boolean {
    return this.heapBytes > KEPT_HEAP_BYTES;
  }

  end(): void {
    this.hasEnded = true;
    void this.worker.terminate();
  }

  /**
   * Runs a task. Where its signal is aborted or its time is over it ends, with the thread where it does not do so by itself.
   * @throws what the task throws
   */
  async run<N extends TaskName>(
    name: N,
    input: TaskInput<N>,
    options: TaskOptions<N>,
  ): Promise<TaskOutcome<TaskOutput<N>>> {
    const { port1: port, port2 } = new MessageChannel();
    let stopped: TaskOutcome<never> | null = null;
    let grace: NodeJS.Timeout | undefined;
    const stop = (why: TaskOutcome<never>) => {
      stopped ??= why;
      port.postMessage(CANCEL);
      grace ??= setTimeout(() => this.end(), CANCEL_GRACE_MS);
    };
    const leave = () => stop({ kind: "abandoned" });
    const limit = setTimeout(() => stop(refusedAsTooLong(options, options.timeLimitMs)), options.timeLimitMs);
    options.signal?.addEventListener("abort", leave, { once: true });
    let end = () => {};
    try {
      return await new Promise<TaskOutcome<TaskOutput<N>>>((resolve, reject) => {
        end = () => {
          if (stopped !== null) resolve(stopped);
          else if (isOutOfMemory(this.failure)) resolve(refusedAsTooLarge(options, this.memoryMib));
          else reject(this.failure ?? new Error("A worker thread ended in the middle of its task."));
        };
        this.worker.once("exit", end);
        port.on("message", (reply: TaskReply<N>) => {
          if (reply.kind === "progress") {
            options.onProgress?.(reply.progress);
            return;
          }
          this.heapBytes = reply.heapBytes;
          if (reply.kind === "done") resolve({ kind: "done", output: reply.output });
          else if (stopped !== null) resolve(stopped);
          else reject(errorOf(reply.failure));
        });
        const message = { name, input, port: port2 };
        this.worker.postMessage(message, [port2, ...(options.handedOver ?? [])]);
      });
    } finally {
      clearTimeout(limit);
      clearTimeout(grace);
      options.signal?.removeEventListener("abort", leave);
      this.worker.off("exit", end);
      port.close();
    }
  }
}

/** What a task threw, on this side of the thread. */
function errorOf({ message, stack, trouble }: TaskFailure): Error {
  if (trouble === null) return Object.assign(new Error(message), { stack });
  if (!trouble.isPassing) return new DatabaseRefusedError(trouble.message);
  noteUnreachable("", trouble.message);
  return new DatabaseUnreachableError(trouble.message);
}

function isOutOfMemory(failure: unknown): boolean {
  return failure instanceof Error && "code" in failure && failure.code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** What `IQ_WORKER_MEMORY_MIB` says, or a share of the machine's memory. @throws for a value that is no whole number of 64 or more */
function workerMemoryMib(): number {
  const named = process.env.IQ_WORKER_MEMORY_MIB ?? "";
  if (named !== "") {
    const mebibytes = Number(named);
    if (Number.isInteger(mebibytes) && mebibytes >= LEAST_MEMORY_MIB) return mebibytes;
    throw new Error(`IQ_WORKER_MEMORY_MIB=${named}: expected a whole number from ${LEAST_MEMORY_MIB}.`);
  }
  const share = Math.floor((os.totalmem() / BYTES_PER_MIB) * MEMORY_SHARE);
  return Math.min(Math.max(share, MIN_MEMORY_MIB), MAX_MEMORY_MIB);
}
