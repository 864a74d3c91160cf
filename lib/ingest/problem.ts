import { MAX_PROBLEMS_PER_FILE, MAX_RESULTS_PER_FILE, MAX_VALUE_TEXT_LENGTH } from "./limits";
import type { Problem } from "./report";

/** A problem with its offending value shortened for display. */
export function problem(file: string, at: string, value: unknown, expected: string, message: string): Problem {
  return { file, at, value: shownValue(value), expected, message };
}

/** The file holds more results than one may. */
export function tooManyResults(path: string): Problem {
  const limit = `at most ${MAX_RESULTS_PER_FILE} results in one file`;
  return problem(path, "", "", limit, `${path} holds more results than one file may (${limit}); split it.`);
}

/** Any value as short text: what a person needs to find it again, not all of it. */
export function shownValue(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : (JSON.stringify(value) ?? String(value));
  const flat = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return flat.length > MAX_VALUE_TEXT_LENGTH ? `${flat.slice(0, MAX_VALUE_TEXT_LENGTH - 1)}…` : flat;
}

/**
 * Each problem once, and of each file only the first, with a word on how many more there are: a broken export repeats one
 * mistake per row.
 */
export function limitProblems(problems: readonly Problem[]): Problem[] {
  const counts = new Map<string, number>();
  const kept: Problem[] = [];
  const seen = new Set<string>();
  for (const item of problems) {
    const key = JSON.stringify([item.file, item.at, item.message]);
    if (seen.has(key)) continue;
    seen.add(key);
    const count = (counts.get(item.file) ?? 0) + 1;
    counts.set(item.file, count);
    if (count <= MAX_PROBLEMS_PER_FILE) kept.push(item);
  }
  for (const [file, count] of counts) {
    const more = count - MAX_PROBLEMS_PER_FILE;
    if (more > 0)
      kept.push(problem(file, "", "", "", `${file} has ${more} more problem${more === 1 ? "" : "s"} like these.`));
  }
  return kept;
}
