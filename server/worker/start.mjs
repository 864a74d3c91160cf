/**
 * Where a worker thread begins: plain JavaScript, so that it starts the same from `tsx` and from a build. It gives way to the
 * thread that answers requests, then loads the rest through tsx.
 */
import os from "node:os";
import { register } from "tsx/esm/api";

/** On a scale from -20 (first) to 19 (last). */
const NICENESS = 5;

// Linux keeps it for each thread; elsewhere it would slow down the whole process.
if (process.platform === "linux") os.setPriority(0, NICENESS);

register();
await import("./worker.ts");
