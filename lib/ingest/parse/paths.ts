/** Name under which how the server was started is stored, where it was given and lies in no file. */
export const STARTED_WITH_FILE = "iq.started-with.txt";

/** Name of the side file a form's answers are written as. */
export const ANSWERS_FILE = "iq.answers.yaml";

/** Name of the side file a form's answers about the columns of a table are written as. */
export const COLUMN_ANSWERS_FILE = "iq.columns.answers.yaml";

/** True for files that say what reports do not: `iq.yaml`, the answers of a form, column mappings, how the server was started; in any directory. */
export function isSideFile(path: string): boolean {
  return (
    /(?:^|\/)iq(?:\.answers)?\.ya?ml$/.test(path) ||
    isColumnsFile(path) ||
    isStartedWithFile(path) ||
    isCatalogueFile(path)
  );
}

/** Name of the side file that a form's own accelerators are written as. */
export const CATALOGUE_ANSWERS_FILE = "iq.catalogue.answers.yaml";

/** True for files of a person's own catalogue rows: `iq.catalogue.yaml`. */
export function isCatalogueFile(path: string): boolean {
  return /(?:^|\/)iq\.catalogue(?:\.answers)?\.ya?ml$/.test(path);
}

/** True for texts that say how the server was started, by their name: `iq.started-with.sh`, `iq.started-with.yaml`. */
export function isStartedWithFile(path: string): boolean {
  return /(?:^|\/)iq\.started-with(?:\.[\w-]+)*$/.test(path);
}

/** True for column mappings: `iq.columns.yaml`, and `iq.columns.load-tests.yaml` where a directory has several. */
export function isColumnsFile(path: string): boolean {
  return /(?:^|\/)iq\.columns(?:\.[\w-]+)*\.ya?ml$/.test(path);
}

/** True for column mappings that are the answers of a form. */
export function isColumnAnswers(path: string): boolean {
  return isColumnsFile(path) && /\.answers\.ya?ml$/.test(path);
}

/** Directory part of a path; `""` where there is none. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** A path up to and with its last `/`, for finding files beside it; `""` where there is none. */
export function directoryPrefix(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/**
 * The directory whose files are one set of reports. A vLLM sweep gives each load a directory of its own
 * (`SERVE--…-BENCH--max_concurrency=8`), with the table above them; collections of LLMPerf results keep the single responses in
 * `individual/` beside `summary/`.
 */
export function runDirectoryOf(path: string): string {
  return directoryOf(path)
    .replace(/(?:^|\/)(?:SERVE|BENCH)--[^/]*$/, "")
    .replace(/(^|\/)individual(?:_responses)?$/, "$1summary");
}

/** Directories with those above before those below, otherwise as they came. */
export function parentsFirst<T>(directories: ReadonlyMap<string, T>): [string, T][] {
  const depth = (directory: string) => (directory === "" ? 0 : directory.split("/").length);
  return [...directories].sort(([a], [b]) => depth(a) - depth(b));
}
