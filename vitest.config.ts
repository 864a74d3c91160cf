import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)) };

/** Tests of the database and of what works on it: of both engines. */
const ON_A_DATABASE = ["test/unit/db/**/*.test.ts", "test/unit/server/**/*.test.ts"];

/** Tests of the system that are about the database, and so of both engines. */
const SYSTEM_ON_BOTH = [
  "test/system/copy-database.test.ts",
  "test/system/ingest-strength-kill.test.ts",
  "test/system/ingest-strength-writers.test.ts",
  "test/system/worker-pool.test.ts",
];

/** Tests of all manifests that can be made. */
const MANIFESTS = "test/system/manifests-*.test.ts";

const ALONE = ["test/browser/server-answers.test.ts"];

/** Room for what is made and thrown away at once, of which there is much: collecting it took an eighth of the time. */
const ROOM = ["--max-semi-space-size=64"];

/** Each has a product and a browser of its own. */
const BROWSER_WORKERS = 2;

/**
 * Sets in the order they are begun when they run together. The long tests of few files come first, the many short ones last, so that
 * no core waits at the end for the other's last file. Files of a set stay together: they share what a worker has loaded.
 */
const SETS = ["postgres-system", "system", "manifests", "database", "postgres", "sqlite", "unit"];

/** Files that take longest, however little they say. */
const LONGEST = ["ingest-strength-", "lost-connection", "replica", "iq.test", "manifests-product", "manifests-servers"];

function isLong(file: string): boolean {
  return LONGEST.some((part) => file.includes(part));
}

/** Sets as above, in each the longest files first, then the largest. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = files.map((spec) => ({
      spec,
      set: SETS.indexOf(spec.project.name),
      isLong: isLong(spec.moduleId),
      bytes: statSync(spec.moduleId).size,
    }));
    places.sort((a, b) => a.set - b.set || Number(b.isLong) - Number(a.isLong) || b.bytes - a.bytes);
    return places.map(({ spec }) => spec);
  }
}

/**
 * Nine sets: `unit` (pure logic, part of `npm run check`), `sqlite` (the database and what works on it, on a file), `postgres` (the
 * same on the second engine), `database` (both engines of the database, held against each other), `system` (the command line as
 * a process, very many and very large reports, thousands of damaged ones), `manifests` (everything that can be made, before the
 * Kubernetes validator), `postgres-system` (tests of the system that are about the database, on the second engine, and what only a
 * database on a server has), `browser` (the built product in Chromium) and `alone` (how soon the server answers, which another test
 * beside it would delay). `npm test` runs all nine: the first seven together, then the last two, one after the other.
 */
export default defineConfig({
  test: {
    // A source that has not changed is not translated again, by the next set or the next run.
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          execArgv: ROOM,
          include: ["test/unit/**/*.test.ts"],
          exclude: ON_A_DATABASE,
          setupFiles: ["test/unit/property-seed.setup.ts"],
          testTimeout: 30_000,
          // Loading everything anew for each file takes longer than most tests: files of a worker share what is loaded.
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "sqlite",
          execArgv: ROOM,
          include: ON_A_DATABASE,
          setupFiles: ["test/unit/property-seed.setup.ts"],
          testTimeout: 30_000,
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "database",
          include: ["test/database/**/*.test.ts"],
          setupFiles: ["test/unit/property-seed.setup.ts"],
          globalSetup: ["test/support/postgres.setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "postgres",
          include: ON_A_DATABASE,
          // About SQLite's own files and SQL.
          exclude: [
            "test/unit/db/open-database.test.ts",
            "test/unit/db/schema.test.ts",
            "test/unit/db/sqlite-file.test.ts",
            // About the bytes people bring, up to where they are read: whatever stores them, they come the same way.
            "test/unit/server/intake/containers.test.ts",
            "test/unit/server/intake/receive-upload.test.ts",
            "test/unit/server/intake/spool.test.ts",
            "test/unit/server/public-url.test.ts",
          ],
          setupFiles: ["test/unit/property-seed.setup.ts"],
          globalSetup: ["test/support/postgres.setup.ts"],
          env: { IQ_TEST_ENGINE: "postgres" },
          testTimeout: 60_000,
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          exclude: ["test/system/postgres/**", MANIFESTS],
          setupFiles: ["test/unit/property-seed.setup.ts"],
          globalSetup: ["test/support/seeded.setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "manifests",
          execArgv: ROOM,
          include: [MANIFESTS],
          setupFiles: ["test/unit/property-seed.setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Files of a worker share the validator's schemas and the figures that come with the program.
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "postgres-system",
          include: [...SYSTEM_ON_BOTH, "test/system/postgres/**/*.test.ts"],
          setupFiles: ["test/unit/property-seed.setup.ts"],
          globalSetup: [
            "test/support/postgres.setup.ts",
            "test/support/seeded.setup.ts",
            "test/support/build.setup.ts",
          ],
          env: { IQ_TEST_ENGINE: "postgres" },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: "100%",
        },
      },
      {
        resolve: { alias },
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          exclude: ALONE,
          globalSetup: ["test/browser/server.setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // Files of a worker share its browser, and what is loaded to drive it.
          isolate: false,
          maxWorkers: BROWSER_WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: "alone",
          include: ALONE,
          testTimeout: 60_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
