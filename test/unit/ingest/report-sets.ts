import { readdirSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { HeldFile, ReadResult } from "../../../lib/ingest/report";
import { fixture, projectRoot } from "./support";

/** Files that come together: one file, or all below one directory. */
export interface ReportSet {
  name: string;
  files: HeldFile[];
}

/** Every fixture file by itself, and every directory of fixtures with all below it. */
export function reportSets(): ReportSet[] {
  const root = path.join(projectRoot, "test/fixtures/reports");
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((name) => name !== "README.md")
    .sort()
    .map((name) => ({ name, files: fixture(name) }));
}

/** Formats that have fixtures: the names of their folders. */
export function fixtureFolders(): string[] {
  return readdirSync(path.join(projectRoot, "test/fixtures/reports"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** What is wrong with the outcome of reading files, in words; empty where every file ended well. */
export function faultsOf(paths: readonly string[], { runs, problems, skipped }: ReadResult): string[] {
  const faults: string[] = [];
  const refused = new Set(problems.map((item) => item.file));
  const used = new Set(runs.flatMap((run) => run.files));
  const left = new Set(skipped.map((item) => item.file));
  for (const path of paths) {
    if (!refused.has(path) && !used.has(path) && !left.has(path))
      faults.push(`${path}: neither read, refused nor skipped`);
  }
  for (const item of problems)
    if (!/\S \S/.test(item.message)) faults.push(`${item.file}: a problem without a sentence`);
  for (const run of runs) {
    if (run.points.length === 0) faults.push("a run without points");
    if (!(run.configuration.acceleratorCount >= 1)) faults.push("a run without accelerators");
    for (const point of run.points) {
      if (refused.has(point.file)) faults.push(`${point.file}: refused and read`);
      const { extras: _, ...measured } = point;
      for (const [at, value] of numbersOf(measured)) {
        if (!Number.isFinite(value) || value < 0) faults.push(`${point.file}, ${at}: ${value}`);
      }
    }
  }
  return faults;
}

function numbersOf(value: unknown, at = ""): [string, number][] {
  if (typeof value === "number") return [[at, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => numbersOf(member, `${at}.${key}`));
}

/** A single case takes milliseconds; one that takes this long never ends. */
const HANG_AFTER_MS = 60_000;

/**
 * Ends this process when a case never ends: nothing in the process itself can, while it computes. Call `beat` at the start of
 * each case and `stop` at the end of all.
 */
export function hangWatch(): { beat(what: string): void; stop(): Promise<void> } {
  const shared = new SharedArrayBuffer(4096);
  const watch = new Worker(
    `const { workerData } = require("node:worker_threads");
     const beats = new Int32Array(workerData.shared, 0, 2);
     let before = -1;
     setInterval(() => {
       const now = Atomics.load(beats, 0);
       if (now === before) {
         const text = Buffer.from(new Uint8Array(workerData.shared, 8, Atomics.load(beats, 1)));
         require("node:fs").writeSync(2, "This case never ends: " + text + "\\n");
         process.kill(process.pid, "SIGKILL");
       }
       before = now;
     }, workerData.afterMs).unref();
     setInterval(() => {}, 1000);`,
    { eval: true, workerData: { shared, afterMs: HANG_AFTER_MS } },
  );
  watch.unref();
  const beats = new Int32Array(shared, 0, 2);
  const text = new Uint8Array(shared, 8);
  return {
    beat(what) {
      const { written } = new TextEncoder().encodeInto(what.slice(0, 1000), text);
      Atomics.store(beats, 1, written);
      Atomics.add(beats, 0, 1);
    },
    stop: async () => {
      await watch.terminate();
    },
  };
}
