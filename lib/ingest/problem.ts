import { groupBy } from "../group-by";
import {
  MAX_ASKED_PROBLEMS,
  MAX_PROBLEMS,
  MAX_PROBLEMS_PER_FILE,
  MAX_RESULTS_PER_FILE,
  MAX_VALUE_TEXT_LENGTH,
  MIN_PROBLEMS_ALIKE,
} from "../limits";
import type { Problem } from "./report";

/** A problem with its offending value shortened for display. */
export function problem(file: string, location: string, value: unknown, expected: string, message: string): Problem {
  return { file, at: location, value: shownValue(value), expected, message };
}

/** A problem at one key of a file; its sentence begins with file and key. @param location `""` = the file as a whole */
export function problemAtKey(
  path: string,
  location: string,
  value: unknown,
  expected: string,
  sentence: string,
): Problem {
  return problem(path, location, value, expected, `${path}${location === "" ? "" : `, ${location}`}: ${sentence}`);
}

/** The problem of a file that holds more results than allowed. */
export function tooManyResults(path: string): Problem {
  const limit = `at most ${MAX_RESULTS_PER_FILE} results in one file`;
  return problem(path, "", "", limit, `${path} holds more results than one file may (${limit}); split it.`);
}

/** Any value as a short text, enough for a person to find it in the file. */
export function shownValue(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : (JSON.stringify(value) ?? String(value));
  const flat = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return flat.length > MAX_VALUE_TEXT_LENGTH ? `${flat.slice(0, MAX_VALUE_TEXT_LENGTH - 1)}…` : flat;
}

/**
 * Removes repeated problems and keeps only the first ones of each file, with one more that counts the rest: a broken export
 * repeats the same mistake in every row.
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

/** How many files are named where many have the same problem. */
const FILES_NAMED = 3;

/**
 * The problems of a whole ingest, shortened for the answer. Where a hundred files or more have the same problem, it is listed
 * once and the others are counted; the list as a whole is limited too. Problems that a person can solve by answering a question
 * are never joined, because each file's form needs its own.
 */
export function gatherProblems(problems: readonly Problem[]): Problem[] {
  const asked = problems.filter(isAsked);
  const others = joinAlike(problems.filter((item) => !isAsked(item)));
  return [...firstProblems(others, MAX_PROBLEMS), ...firstProblems(asked, MAX_ASKED_PROBLEMS)];
}

/** The first so many problems, and one that says how many more there are. */
export function firstProblems(problems: readonly Problem[], limit: number): Problem[] {
  const next = problems[limit];
  if (next === undefined) return [...problems];
  const more = problems.slice(limit).reduce((sum, { alike = 0 }) => sum + alike + 1, 0);
  const message = `There ${more === 1 ? "is 1 more problem" : `are ${more} more problems`}, in ${next.file} and behind it: mend those listed first.`;
  return [...problems.slice(0, limit), problem(next.file, "", "", "", message)];
}

function isAsked({ fact, columns }: Problem): boolean {
  return fact !== undefined || columns !== undefined;
}

/** Joins problems whose messages differ only in file and numbers, where very many files have them. */
function joinAlike(problems: readonly Problem[]): Problem[] {
  const kinds = groupBy(problems, (item) =>
    JSON.stringify([item.message.replaceAll(item.file, "").replace(/\d+/g, "0"), item.expected]),
  );
  return [...kinds.values()].flatMap((alike) => {
    const [first] = alike;
    const files = new Set(alike.map(({ file }) => file));
    if (first === undefined || files.size < MIN_PROBLEMS_ALIKE) return alike;
    const named = [...files].slice(1, FILES_NAMED + 1).join(", ");
    const message = `${first.message} The same is wrong with ${files.size - 1} more files: ${named} …`;
    return [{ ...first, message, alike: files.size - 1 }];
  });
}
