/** `node scripts/run.js scripts/iq.ts …`: runs a program written in TypeScript, from its bundle. */
import path from "node:path";
import { root, runBundled } from "../server/bundle.js";

/** Whether a command runs in this folder or below it; it looks for its data from there. */
function isInside(folder) {
  return folder === root || folder.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

if (!isInside(process.cwd())) {
  console.error(`Start the program in its own folder: cd ${root}`);
  process.exit(2);
}
const [node, , entry, ...args] = process.argv;
process.argv = [node, entry, ...args];
await runBundled(entry);
