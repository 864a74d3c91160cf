import { groupBy } from "../group-by";
import { FACT_NAMES } from "./facts/facts";
import { factsInPath, flagsOf } from "./facts/folder-facts";
import { directoryOf } from "./parse/paths";
import type { Problem } from "./report";

/** Files named in a sentence about many. */
const FILES_NAMED = 3;

/** So many files with one problem are told in one sentence. */
const MANY = 3;

/** Folders whose names are read for facts they propose. */
const FOLDERS_PROPOSED = 3;

/**
 * Problems as sentences for a person: one for each thing to do, however many files it is about. A fact that many reports lack is
 * asked for once, with what the names of their folders propose. The whole list is for programs.
 */
export function spokenProblems(problems: readonly Problem[]): string[] {
  const kinds = groupBy(problems, kindOf);
  return [...kinds.values()].flatMap((alike) => {
    const [first] = alike;
    const files = [...new Set(alike.map(({ file }) => file))];
    if (first === undefined || files.length < MANY) return alike.map(({ message }) => message);
    const others = alike.reduce((sum, { alike: more = 0 }) => sum + more, 0);
    const count = files.length + others;
    const named = `${files.slice(0, FILES_NAMED).join(", ")}${count > FILES_NAMED ? " …" : ""}`;
    const fact = FACT_NAMES.find(({ key }) => key === first.fact);
    if (fact !== undefined && first.value === "") {
      const what = fact.key.replaceAll("_", " ");
      return [
        `${count} files do not say the ${what}: give ${fact.flag}, or ${fact.key}: in an iq.yaml beside or above them (${named}).`,
      ];
    }
    return [`${first.message} The same is wrong with ${count - 1} more files (${named}).`];
  });
}

/** What the folders of reports that lack facts propose by their names, a line a folder; none where they propose nothing. */
export function proposedFacts(problems: readonly Problem[]): string[] {
  const folders = groupBy(
    problems.filter(({ fact, value }) => fact !== undefined && value === ""),
    ({ file }) => directoryOf(file),
  );
  const lines = [...folders].flatMap(([folder, lacking]) => {
    const keys = new Set(lacking.map(({ fact }) => fact ?? ""));
    const facts = factsInPath(folder);
    const proposed = [...keys].some((key) => facts[key] !== undefined);
    return proposed ? [`${folder}/ may say it by its name: ${flagsOf(facts)}`] : [];
  });
  const more = lines.length - FOLDERS_PROPOSED;
  return more > 0
    ? [...lines.slice(0, FOLDERS_PROPOSED), `… and ${more} more folders whose names propose facts`]
    : lines;
}

/** Problems of one kind ask for the same thing: their messages differ in file, place and numbers alone. */
function kindOf({ message, file, at, fact, value, columns }: Problem): string {
  // Each table has columns of its own.
  if (columns !== undefined) return JSON.stringify([file, message]);
  if (fact !== undefined && value === "") return `lacks ${fact}`;
  const text = message.replaceAll(file, "");
  return JSON.stringify([(at === "" ? text : text.replaceAll(at, "")).replace(/\d+/g, "0"), fact]);
}
