import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Makes a folder and those above it. `mkdirSync` with `recursive` never gives up on an existing folder in which none can be
 * made (`/proc/…`); here each is tried once.
 * @throws what the system says of the first that cannot be made
 */
export function makeFolders(folder: string): void {
  const missing: string[] = [];
  let there = path.resolve(folder);
  while (statSync(there, { throwIfNoEntry: false }) === undefined && there !== path.dirname(there)) {
    missing.push(there);
    there = path.dirname(there);
  }
  for (const next of [there, ...missing.reverse()]) makeOne(next);
}

/** It may be there, or another program may make it meanwhile. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
