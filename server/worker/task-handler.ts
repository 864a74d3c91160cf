import type { TransferListItem } from "node:worker_threads";
import type { Database } from "../../db/client";
import type { TaskInput, TaskName, TaskOutput, TaskProgress } from "./tasks";

export interface TaskContext<N extends TaskName> {
  db: Database;
  /** Aborted when the outcome is no longer wanted. A task that does not end soon after is stopped together with its thread. */
  signal: AbortSignal;
  /** `handedOver`: what belongs to the listener from now on. */
  onProgress(progress: TaskProgress<N>, handedOver?: readonly TransferListItem[]): void;
}

/** The result of a task. `handedOver` is moved to the caller instead of copied. */
export interface TaskResult<N extends TaskName> {
  output: TaskOutput<N>;
  handedOver?: readonly TransferListItem[];
}

/** Runs one kind of task in a worker thread. */
export type TaskHandler<N extends TaskName> = (input: TaskInput<N>, context: TaskContext<N>) => Promise<TaskResult<N>>;
