import type { FactAnswers } from "@/lib/ingest/facts/answers";
import { ANSWERS_FILE, isColumnAnswers } from "@/lib/ingest/parse/paths";

/** True for the file the answers travel in: nobody chose it. */
export function isAnswersFile(path: string): boolean {
  return path === ANSWERS_FILE || path.endsWith(`/${ANSWERS_FILE}`) || isColumnAnswers(path);
}

/** Answers by run directory. */
export type Answers = Readonly<Record<string, FactAnswers>>;

/** One answer changed; an emptied one says nothing any more. */
export function withAnswer(answers: Answers, directory: string, key: string, value: string): Answers {
  return { ...answers, [directory]: { ...answers[directory], [key]: value } };
}

/** What is answered of one directory, said of others too; their own other answers stay. */
export function withAnswersEverywhere(answers: Answers, from: string, directories: readonly string[]): Answers {
  const given = Object.entries(answers[from] ?? {}).filter(([, value]) => value.trim() !== "");
  return Object.fromEntries([
    ...Object.entries(answers),
    ...directories.map((directory) => [directory, { ...answers[directory], ...Object.fromEntries(given) }] as const),
  ]);
}

/** True where something is answered of a directory. */
export function isAnswered(answers: Answers, directory: string): boolean {
  return Object.values(answers[directory] ?? {}).some((value) => value.trim() !== "");
}
