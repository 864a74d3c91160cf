// Loaded into a process beside its program: writes the most memory it had (bytes) to the file PEAK_MEMORY_FILE names.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const BYTES_PER_KIB = 1024;
const file = process.env.PEAK_MEMORY_FILE;
if (isMainThread && file !== undefined) {
  process.on("exit", () => writeFileSync(file, String(process.resourceUsage().maxRSS * BYTES_PER_KIB)));
}
