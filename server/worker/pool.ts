import { database, readingDatabase } from "../../db/client";
import { isReading, LANE_OF, LANES, type LaneName, MAX_WORKERS } from "./lanes";
import { refusedAsBusy, type TaskOutcome } from "./task-outcome";
import { type TaskOptions, TaskWorker } from "./task-worker";
import type { TaskInput, TaskName, TaskOutput } from "./tasks";

/** Workers that are there before they are needed: starting one takes a second. */
const SPARE = 1;

/** Workers kept when their task is done; those beyond are ended. More than the spare ones, so that none is ended and started in turn. */
const IDLE_KEPT = 4;

interface WaitingTask {
  lane: LaneName;
  start(worker: TaskWorker): void;
}

/** The worker threads of this process, and the tasks that wait for one. */
class WorkerPool {
  private readonly idle: TaskWorker[] = [];
  private readonly working = new Map<TaskWorker, LaneName>();
  private readonly queue: WaitingTask[] = [];

  warm(): void {
    while (this.idle.length < SPARE && this.idle.length + this.working.size < MAX_WORKERS) {
      this.idle.push(this.open());
    }
  }

  async run<N extends TaskName>(
    name: N,
    input: TaskInput<N>,
    options: TaskOptions<N>,
  ): Promise<TaskOutcome<TaskOutput<N>>> {
    const lane = LANE_OF[name];
    if (options.signal?.aborted === true) return { kind: "abandoned" };
    if (this.queue.filter((task) => task.lane === lane).length >= LANES[lane].waiting) return refusedAsBusy();
    const worker = await this.workerFor(lane, options.signal);
    if (worker === null) return { kind: "abandoned" };
    try {
      return await worker.run(name, input, options);
    } finally {
      this.release(worker);
    }
  }

  /** A worker when it is this task's turn; `null` if its outcome is no longer wanted by then. */
  private workerFor(lane: LaneName, signal: AbortSignal | undefined): Promise<TaskWorker | null> {
    return new Promise((resolve) => {
      const leave = () => {
        this.queue.splice(this.queue.indexOf(task), 1);
        resolve(null);
      };
      const task: WaitingTask = {
        lane,
        start(worker) {
          signal?.removeEventListener("abort", leave);
          resolve(worker);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.queue.push(task);
      this.startWaiting();
    });
  }

  private startWaiting(): void {
    for (const task of [...this.queue]) {
      const running = [...this.working.values()].filter((lane) => lane === task.lane).length;
      if (running >= LANES[task.lane].running) continue;
      // There are as many workers as all lanes run at once: one is free or may be opened.
      const worker = this.idle.shift() ?? this.open();
      this.working.set(worker, task.lane);
      this.queue.splice(this.queue.indexOf(task), 1);
      task.start(worker);
    }
    this.warm();
  }

  private open(): TaskWorker {
    const worker = new TaskWorker();
    worker.onEnd = (failure) => {
      if (!this.forget(worker) || failure === null) return;
      console.error("A worker thread ended while it waited for a task:", failure);
    };
    return worker;
  }

  /** Takes a worker out of those that wait; false where it was none of them. */
  private forget(worker: TaskWorker): boolean {
    const index = this.idle.indexOf(worker);
    if (index >= 0) this.idle.splice(index, 1);
    return index >= 0;
  }

  private release(worker: TaskWorker): void {
    this.working.delete(worker);
    const isWanted = !worker.isWorn && this.idle.length < IDLE_KEPT;
    if (isWanted && !worker.hasEnded) this.idle.unshift(worker);
    else worker.end();
    this.startWaiting();
  }
}

// On globalThis: the start script and each bundled route load this module anew and must share one pool.
const POOL = Symbol.for("inference-quickstart.worker-pool");
type WithPool = typeof globalThis & { [POOL]?: WorkerPool };

function pool(): WorkerPool {
  const holder: WithPool = globalThis;
  holder[POOL] ??= new WorkerPool();
  return holder[POOL];
}

/** Starts the first worker threads, so that the first requests do not wait for that. */
export async function warmWorkers(): Promise<void> {
  await openFirst();
  pool().warm();
}

/**
 * Before any thread opens it: the first look at a file's header closes it again, and whoever closes a file gives up the locks that
 * all of the process holds on it (POSIX). Without them another program takes the database for one nobody uses.
 */
async function openFirst(): Promise<void> {
  await database();
}

/**
 * Runs a task in a worker thread, so that it blocks no other request. When its signal is aborted or its time is up it is
 * stopped, if need be together with its thread; anything not yet committed is rolled back.
 * @returns its output, or why there is none: too much to do, too long, too much memory, or nobody waits
 * @throws what the task throws
 */
export async function runTask<N extends TaskName>(
  name: N,
  input: TaskInput<N>,
  options: TaskOptions<N>,
): Promise<TaskOutcome<TaskOutput<N>>> {
  // What only reads may have a replica to ask where the database itself cannot be reached.
  if (isReading(name)) await readingDatabase();
  else await openFirst();
  return pool().run(name, input, options);
}
