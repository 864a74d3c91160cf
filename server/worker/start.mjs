/**
 * Where a worker thread begins: plain JavaScript, so that it starts the same whatever the process was started with. It gives way
 * to the thread that answers requests, then runs the rest from its bundle.
 */
import os from "node:os";
import { runBundled } from "../bundle.js";

/** On a scale from -20 (first) to 19 (last). */
const NICENESS = 5;

// Linux keeps it for each thread; elsewhere it would slow down the whole process.
if (process.platform === "linux") os.setPriority(0, NICENESS);

await runBundled("server/worker/worker.ts");
