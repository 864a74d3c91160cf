import type { IngestJson, IngestRunJson } from "../api/ingest-json";
import { compareText } from "../compare-text";
import { groupBy } from "../group-by";
import type { FactAnswers } from "../ingest/facts/answers";
import { STARTED_WITH_KEY } from "../ingest/facts/fact-labels";
import { DEFAULT_SOURCE_NAME } from "../ingest/facts/facts";
import { factsInPath } from "../ingest/facts/folder-facts";
import { directoryOf, runDirectoryOf } from "../ingest/parse/paths";

/** A fact only a person can give. */
export interface MissingFact {
  key: string;
  /** What is wrong with the value the report states, as a sentence; `null` = it states none. */
  wrong: string | null;
}

/** What to ask of the reports of one run directory. */
export interface FactForm {
  /** `""` = the files lie in no folder. */
  directory: string;
  /** Files that cannot be taken without the missing facts. */
  files: string[];
  missing: MissingFact[];
  /** Facts nobody stated that people usually know. */
  unstated: string[];
  /** What the folder's name proposes for either, to be confirmed. */
  proposed: FactAnswers;
}

/** So many folders that lack the same facts are asked about together, in the folder above them. */
const MANY_FOLDERS = 5;

/** Asked for beside what is missing, in this order. */
const USUALLY_KNOWN: readonly { key: string; isUnstated: (run: IngestRunJson) => boolean }[] = [
  { key: "server", isUnstated: (run) => run.configuration.server === null },
  { key: "server_version", isUnstated: (run) => run.configuration.serverVersion === null },
  { key: "precision", isUnstated: (run) => run.configuration.precision === null },
  { key: "tensor_parallelism", isUnstated: (run) => run.configuration.parallelism.label === null },
  { key: "dataset", isUnstated: (run) => run.workload.dataset === null },
  { key: "measured_on", isUnstated: (run) => run.measuredOn === null },
  { key: "source_name", isUnstated: (run) => run.source.name === DEFAULT_SOURCE_NAME },
  { key: "licence", isUnstated: (run) => run.source.licence === null },
  { key: STARTED_WITH_KEY, isUnstated: (run) => run.configuration.settings.serverArguments === null },
];

/**
 * The forms a dry run asks for: one for each run directory whose reports lack a fact, those that cannot be taken without it first,
 * then by path.
 */
export function factForms(result: Pick<IngestJson, "runs" | "problems">): FactForm[] {
  const problems = groupBy(
    result.problems.filter(({ fact }) => fact !== undefined),
    ({ file }) => runDirectoryOf(file),
  );
  const runs = groupBy(result.runs, ({ files }) => runDirectoryOf(files[0] ?? ""));
  const forms = [...new Set([...problems.keys(), ...runs.keys()])].map((directory): FactForm => {
    const lacking = problems.get(directory) ?? [];
    const taken = runs.get(directory) ?? [];
    const missing = new Map<string, MissingFact>();
    for (const { fact, value, message, file } of lacking) {
      if (fact === undefined || missing.get(fact)?.wrong != null) continue;
      missing.set(fact, { key: fact, wrong: value === "" ? null : withoutFile(message, file) });
    }
    // What a refused report states is not known: anything may be missing.
    const unstated = USUALLY_KNOWN.filter(({ isUnstated }) => lacking.length > 0 || taken.some(isUnstated));
    return {
      directory,
      files: [...new Set(lacking.map((problem) => problem.file))],
      missing: [...missing.values()],
      unstated: unstated.map(({ key }) => key).filter((key) => !missing.has(key)),
      proposed: factsInPath(directory),
    };
  });
  return askedTogether(forms)
    .filter((form) => form.missing.length > 0 || form.unstated.length > 0)
    .sort((a, b) => {
      const [first, second] = [a.missing.length > 0 ? 0 : 1, b.missing.length > 0 ? 0 : 1];
      return first - second || compareText(a.directory, b.directory);
    });
}

/**
 * The forms with one in place of those that ask for the same facts in many folders of one sweep: its answers reach the folders
 * below. Folders whose names propose different answers are asked one by one.
 */
function askedTogether(forms: readonly FactForm[]): FactForm[] {
  const alike = groupBy(forms, ({ missing, proposed }) => {
    const keys = missing.map(({ key, wrong }) => [key, wrong, proposed[key] ?? null]);
    return keys.length === 0 ? "" : JSON.stringify(keys);
  });
  const taken = new Set(forms.map(({ directory }) => directory));
  return [...alike].flatMap(([key, group]) => {
    const directory = commonFolder(group.map((form) => form.directory));
    const isFree = !taken.has(directory) || group.some((form) => form.directory === directory);
    const [first] = group;
    if (key === "" || group.length < MANY_FOLDERS || !isFree || first === undefined) return group;
    return [
      {
        ...first,
        directory,
        files: group.flatMap(({ files }) => files),
        unstated: [...new Set(group.flatMap(({ unstated }) => unstated))],
        proposed: factsInPath(directory),
      },
    ];
  });
}

/** The deepest folder all of them lie in, or are. */
function commonFolder(directories: readonly string[]): string {
  let common = (directories[0] ?? "").split("/");
  for (const directory of directories) {
    const steps = directory.split("/");
    const end = common.findIndex((step, index) => steps[index] !== step);
    if (end >= 0) common = common.slice(0, end);
  }
  return common.join("/");
}

/** True where some of the directories lie below this one: its answers, a side file like any other, fill what those leave open. */
export function reachesBelow(directory: string, directories: readonly string[]): boolean {
  return directories.some((other) => other !== directory && (directory === "" || other.startsWith(`${directory}/`)));
}

/** The message without the file's name, which the form shows already. */
function withoutFile(message: string, file: string): string {
  const rest = message.startsWith(file) ? message.slice(file.length).replace(/^[,:]\s*/, "") : message;
  return rest.slice(0, 1).toUpperCase() + rest.slice(1);
}

/** Name of a run directory on screen. */
export function directoryLabel(directory: string): string {
  return directory === "" ? "Files without a folder" : `${directory}/`;
}

/** Path of a file within its run directory. */
export function pathInside(directory: string, file: string): string {
  return directory !== "" && (directoryOf(file) === directory || file.startsWith(`${directory}/`))
    ? file.slice(directory.length + 1)
    : file;
}
