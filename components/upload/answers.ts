import type { FactAnswers } from "@/lib/ingest/facts/answers";
import { ANSWERS_FILE, isColumnAnswers } from "@/lib/ingest/parse/paths";

/** True for the file the answers are sent in, which the user did not choose. */
export function isAnswersFile(path: string): boolean {
  return path === ANSWERS_FILE || path.endsWith(`/${ANSWERS_FILE}`) || isColumnAnswers(path);
}

/** Answers by run directory. */
export type Answers = Readonly<Record<string, FactAnswers>>;

/** The answers with one changed; an empty text takes it away. */
export function withAnswer(answers: Answers, directory: string, key: string, value: string): Answers {
  return { ...answers, [directory]: { ...answers[directory], [key]: value } };
}

/** The answers of one directory given to others too; answers these have to other questions stay. */
export function withAnswersEverywhere(answers: Answers, from: string, directories: readonly string[]): Answers {
  const given = Object.entries(answers[from] ?? {}).filter(([, value]) => value.trim() !== "");
  return Object.fromEntries([
    ...Object.entries(answers),
    ...directories.map((directory) => [directory, { ...answers[directory], ...Object.fromEntries(given) }] as const),
  ]);
}

/** True where a directory has answers. */
export function isAnswered(answers: Answers, directory: string): boolean {
  return Object.values(answers[directory] ?? {}).some((value) => value.trim() !== "");
}
