import type { FactAnswers } from "@/lib/ingest/facts/answers";
import { ANSWERS_FILE, CATALOGUE_ANSWERS_FILE, isColumnAnswers } from "@/lib/ingest/parse/paths";

/** True for the file the answers are sent in, which the user did not choose. */
export function isAnswersFile(path: string): boolean {
  return (
    path === ANSWERS_FILE ||
    path === CATALOGUE_ANSWERS_FILE ||
    path.endsWith(`/${ANSWERS_FILE}`) ||
    isColumnAnswers(path)
  );
}

/** Beginning of the keys under which an own accelerator's columns stand among the answers: they are no facts of a run. */
export const OWN_ACCELERATOR = "catalogue.";

/** An id for an accelerator by its name: `My NPU 96GB` → `my-npu-96gb`. */
export function acceleratorIdFor(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
}

/** The own accelerators of all answers, as rows of the catalogue; each id once. */
export function ownAccelerators(answers: Answers): Record<string, string>[] {
  const rows = new Map<string, Record<string, string>>();
  for (const given of Object.values(answers)) {
    const columns = Object.entries(given).flatMap(([key, value]): [string, string][] =>
      key.startsWith(OWN_ACCELERATOR) && value.trim() !== "" ? [[key.slice(OWN_ACCELERATOR.length), value.trim()]] : [],
    );
    const name = columns.find(([column]) => column === "name")?.[1] ?? "";
    const id = acceleratorIdFor(name);
    if (id !== "") rows.set(id, { id, ...Object.fromEntries(columns) });
  }
  return [...rows.values()];
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
