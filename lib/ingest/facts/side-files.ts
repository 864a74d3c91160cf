import { compareText } from "../../compare-text";
import { readColumnMapping } from "../columns/column-mapping-file";
import type { MappingFile } from "../columns/mapped-csv";
import { type ParseOutcome, pathOfParsed, yamlProblem } from "../parse/parse-file";
import { directoryOf, isCatalogueFile, isColumnAnswers, isColumnsFile, isStartedWithFile } from "../parse/paths";
import { problem } from "../problem";
import type { GivenFacts, Problem, ReadResult } from "../report";
import { readStartedWith, type StartedWith } from "../started-with/started-with";
import { overlayFacts } from "./facts";
import { readSideFile } from "./side-file";

/** Facts from side files, and the paths of those files. */
export interface SideFacts {
  facts: GivenFacts;
  paths: string[];
}

/** Column mappings that may apply to the tables of a directory, in the order they are tried. */
export interface SideMappings {
  mappings: MappingFile[];
  /** Mapping files that have problems. */
  broken: string[];
}

/**
 * The side files of an ingest: facts (`iq.yaml`) and column mappings (`iq.columns.yaml`) that the reports do not state
 * themselves.
 */
export interface SideFiles {
  /** Takes a side file in; what is wrong with it becomes a problem. */
  add(parse: ParseOutcome, result: SideResult): void;
  /** Facts from the top directory down, the nearest on top; `null` if one of the files is broken. */
  factsFor(directory: string): SideFacts | null;
  /** Mappings of the directory and those above: a form's answers first, then the nearest, files of one directory by name. */
  mappingsFor(directory: string): SideMappings;
  /** Paths of all mappings that could be read. */
  mappingPaths(): string[];
  /** Takes in how a server was started, from a file that lies beside reports: it holds for the directory and those below. */
  addStarted(directory: string, path: string, started: StartedWith, result: SideResult): void;
}

/** What side files are said to be, and what is wrong with them. */
export type SideResult = Pick<ReadResult, "problems" | "skipped"> & { notes: string[] };

/** An empty collection of side files. */
export function sideFiles(): SideFiles {
  const factsByDirectory = new Map<string, SideFacts | null>();
  const startedByDirectory = new Map<string, SideFacts>();
  const mappings: (MappingFile | { path: string; mapping: null })[] = [];

  function addFacts(path: string, parse: Extract<ParseOutcome, { kind: "parsed" }>, result: SideResult) {
    const directory = directoryOf(path);
    const { facts, problems, notes } = readSideFile(parse.file);
    result.problems.push(...problems);
    result.notes.push(...notes);
    const before = factsByDirectory.get(directory);
    // The answers of a form complete a side file that is there already.
    const together = overlayFacts(before?.facts ?? {}, facts);
    const paths = [...(before?.paths ?? []), path];
    factsByDirectory.set(directory, problems.length > 0 || before === null ? null : { facts: together, paths });
  }

  function addStarted(directory: string, path: string, { facts, sentences }: StartedWith, result: SideResult) {
    const before = startedByDirectory.get(directory);
    startedByDirectory.set(directory, {
      facts: overlayFacts(before?.facts ?? {}, facts),
      paths: [...(before?.paths ?? []), path],
    });
    result.skipped.push({
      file: path,
      reason: "how the server was started: it completes the reports beside it and below",
    });
    result.notes.push(`${path}: ${sentences.join(" ")}`);
  }

  return {
    addStarted,

    add(parse, result) {
      const path = pathOfParsed(parse);
      if (isCatalogueFile(path)) {
        result.skipped.push({ file: path, reason: "own rows of the catalogue: reports are read with them" });
        return;
      }
      const isMapping = isColumnsFile(path);
      const fault = faultOf(path, parse);
      if (parse.kind !== "parsed" || fault !== null) {
        const reason = fault?.message ?? (parse.kind === "unreadable" ? parse.reason : "");
        const location = fault?.at ?? "";
        result.problems.push(problem(path, location, "", "YAML", `${path} cannot be read: ${reason}`));
        if (isMapping) mappings.push({ path, mapping: null });
        else factsByDirectory.set(directoryOf(path), null);
        return;
      }
      if (isStartedWithFile(path) && parse.file.kind === "text") {
        const started = readStartedWith(parse.file.text);
        if (started.ok) addStarted(directoryOf(path), path, started.value, result);
        else {
          result.problems.push(problem(path, "", "", "how the server was started", `${path}: ${started.error}`));
          factsByDirectory.set(directoryOf(path), null);
        }
        return;
      }
      if (isMapping) {
        const { mapping, problems } = readColumnMapping(parse.file);
        result.problems.push(...problems);
        mappings.push({ path, mapping });
        const reason = "column mapping: it says what the columns of tables beside it and below mean";
        result.skipped.push({ file: path, reason });
        return;
      }
      addFacts(path, parse, result);
      result.skipped.push({ file: path, reason: "side file: its facts complete the reports beside it and below" });
    },

    factsFor(directory) {
      let facts: GivenFacts = {};
      const paths: string[] = [];
      for (const level of levelsOf(directory)) {
        const side = factsByDirectory.get(level);
        if (side === null) return null;
        for (const layer of [startedByDirectory.get(level), side]) {
          if (layer === undefined) continue;
          facts = overlayFacts(facts, layer.facts);
          paths.push(...layer.paths);
        }
      }
      return { facts, paths };
    },

    mappingsFor(directory) {
      const nearestFirst = levelsOf(directory)
        .reverse()
        .flatMap((level) =>
          mappings.filter(({ path }) => directoryOf(path) === level).sort((a, b) => compareText(a.path, b.path)),
        );
      // What the person has just answered goes before files that were there already.
      const inOrder = [true, false].flatMap((answers) =>
        nearestFirst.filter(({ path }) => isColumnAnswers(path) === answers),
      );
      return {
        mappings: inOrder.flatMap(({ path, mapping }) => (mapping === null ? [] : [{ path, mapping }])),
        broken: inOrder.flatMap(({ path, mapping }) => (mapping === null ? [path] : [])),
      };
    },

    mappingPaths: () => mappings.flatMap(({ path, mapping }) => (mapping === null ? [] : [path])),
  };
}

/** What is wrong with a side file as YAML. */
function faultOf(path: string, parse: ParseOutcome): Problem | null {
  if (parse.kind === "broken") return parse.problem;
  const fault = parse.kind === "parsed" && parse.file.kind === "text" ? parse.file.yamlFault : null;
  return fault === null ? null : yamlProblem(path, fault);
}

/** A directory with those above it, from the top down: `""`, `a`, `a/b`. */
function levelsOf(directory: string): string[] {
  const steps = directory === "" ? [] : directory.split("/");
  return [...new Set(["", ...steps.map((_, index) => steps.slice(0, index + 1).join("/"))])];
}
