import type { MessagePort } from "node:worker_threads";
import type { DatabaseTrouble } from "../../db/database-trouble";
import type { TaskInput, TaskName, TaskOutput, TaskProgress } from "./tasks";

/** What a worker thread is started with. */
export interface WorkerSetup {
  databaseAddress: string;
}

/**
 * Asks a worker to run a task. All further messages about it go through the port, at whose other end {@link TaskReply} arrives.
 */
export type RunMessage = { [N in TaskName]: { name: N; input: TaskInput<N>; port: MessagePort } }[TaskName];

/** The only message to a running task: its outcome is no longer wanted. */
export const CANCEL = "cancel";

export interface TaskFailure {
  message: string;
  stack: string;
  /** Set where something is wrong with the database, not with the program. */
  trouble: DatabaseTrouble | null;
}

export type TaskReply<N extends TaskName> =
  | { kind: "progress"; progress: TaskProgress<N> }
  /** `heapBytes`: what the thread holds now. */
  | { kind: "done"; output: TaskOutput<N>; heapBytes: number }
  | { kind: "failed"; failure: TaskFailure; heapBytes: number };
