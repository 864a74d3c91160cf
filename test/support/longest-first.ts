import { statSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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
export class LongestFirst extends BaseSequencer {
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
