/** `npm test`: every set of tests, then one plain line that a CI can read: `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const folder = mkdtempSync(path.join(tmpdir(), "iq-test-"));
let passed = 0;
let failed = 0;
let skipped = 0;

/** Sets that run one after another. Those that are one share the cores until the last of their files ends. */
const TURNS = [
  ["unit", "sqlite", "database", "postgres", "system", "manifests", "postgres-system"],
  ["browser"],
  ["alone"],
];

for (const sets of TURNS) {
  const file = path.join(folder, `${sets.join("-")}.json`);
  console.log(`\n== ${sets.join(", ")} tests`);
  const run = spawnSync(
    process.execPath,
    [
      vitest,
      "run",
      ...sets.flatMap((set) => ["--project", set]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, IQ_TEST_SEEDED_FILE: path.join(folder, "seeded.db") },
    },
  );
  try {
    const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    skipped += report.numPendingTests + report.numTodoTests;
    // A file that fails to load has no failed test of its own, yet the run is not green.
    if (run.status !== 0 && report.numFailedTests === 0) failed += Math.max(1, report.numFailedTestSuites);
  } catch {
    failed += 1;
  }
}

rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exit(failed === 0 ? 0 : 1);
