import { appendAll } from "../../../append-all";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { isRecord, memberPath, own } from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { leaveOutEmptyPoints } from "../empty-points";
import {
  benchmarkElements,
  benchmarkOfElement,
  type GuidellmBenchmark,
  isFirstGeneration,
  isGenerative,
} from "./guidellm-benchmark";
import { benchmarksOfTable, guidellmTableOf } from "./guidellm-csv";
import { guidellmFacts } from "./guidellm-facts";
import { readGuidellmPoint } from "./guidellm-point";

/** The forms of one benchmark, the most complete first. */
const FORM_ORDER: ParsedFile["kind"][] = ["json", "yaml", "csv"];

/** GuideLLM: one report a run, one benchmark a load point; JSON and YAML of v0.2 and later, and both CSV tables. */
export const guidellm: Adapter = {
  format: "guidellm",
  label: "GuideLLM reports (JSON, YAML or CSV)",
  requestLists: ["requests"],
  yamlKeys: ["benchmarks"],
  factsWin: "flags",
  sniff: (file) =>
    guidellmTableOf(file) !== null ||
    documentsOf(file).some(({ value }) => benchmarkElements(value) !== null || isFirstGeneration(value)),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const seen = new Map<string, string>();
    const ordered = [...files].sort((a, b) => FORM_ORDER.indexOf(a.kind) - FORM_ORDER.indexOf(b.kind));
    for (const file of ordered) readFile(file, seen, result);
    return result;
  },
};

function readFile(file: ParsedFile, seen: Map<string, string>, result: AdapterResult): void {
  const { benchmarks, problems } = benchmarksOf(file);
  const fresh = new Map<string, string>();
  const read: { benchmark: GuidellmBenchmark; point: ReadPoint }[] = [];
  let repeated: string | null = null;
  for (const benchmark of benchmarks) {
    const outcome = readGuidellmPoint(file.path, benchmark);
    if (!outcome.ok) {
      appendAll(problems, outcome.error);
      continue;
    }
    const { file: _file, location: _at, ...measurement } = outcome.value;
    const key = benchmark.id ?? JSON.stringify(measurement);
    const before = seen.get(key);
    if (before !== undefined) {
      repeated = before;
      continue;
    }
    fresh.set(key, file.path);
    read.push({ benchmark, point: outcome.value });
  }
  const remaining = leaveOutEmptyPoints(problems, read.length, result);
  appendAll(result.problems, remaining);
  if (remaining.length > 0) return;
  for (const [key, path] of fresh) seen.set(key, path);
  if (read.length > 0) appendAll(result.drafts, draftsOf(file.path, read));
  else if (repeated !== null) {
    result.skipped.push({ file: file.path, reason: `every benchmark of it stands in ${repeated} already` });
  }
}

function benchmarksOf(file: ParsedFile): { benchmarks: GuidellmBenchmark[]; problems: Problem[] } {
  if (file.kind === "csv") return benchmarksOfTable(file);
  const benchmarks: GuidellmBenchmark[] = [];
  const problems: Problem[] = [];
  for (const { location, value } of documentsOf(file)) {
    const listAt = memberPath(location, "benchmarks");
    const elements = benchmarkElements(value);
    if (elements === null || !isRecord(value)) {
      const isFirst = isFirstGeneration(value);
      const expected = "a report of GuideLLM 0.2 or later";
      const sentence = isFirst
        ? `was written by GuideLLM 0.1, which kept single requests in another form; expected ${expected}.`
        : "is no GuideLLM report like the rest of the file.";
      problems.push(
        problem(file.path, isFirst ? listAt : location, "", expected, `${file.path}, ${location}: ${sentence}`),
      );
      continue;
    }
    for (const [index, element] of elements.entries()) {
      const elementAt = `${listAt}[${index}]`;
      if (isGenerative(element)) {
        benchmarks.push(benchmarkOfElement(value, element, index, elementAt));
        continue;
      }
      const expected = 'an element with type_ "generative_benchmark"';
      const message = `${file.path}, ${elementAt}: expected ${expected} like the others.`;
      problems.push(
        problem(file.path, elementAt, isRecord(element) ? own(element, "type_") : element, expected, message),
      );
    }
  }
  return { benchmarks, problems };
}

/** Benchmarks of one report are one run; a load measured again in it goes to a draft of its own. */
function draftsOf(path: string, read: readonly { benchmark: GuidellmBenchmark; point: ReadPoint }[]): DraftRun[] {
  const drafts = new Map<string, DraftRun>();
  const repetitions = new Map<string, number>();
  for (const { benchmark, point } of read) {
    const facts = guidellmFacts(benchmark.report, benchmark.element);
    const load = JSON.stringify([facts, point.loadKind, point.loadValue]);
    // Unknown loads do not count as repetitions of one another.
    const repetition = point.loadKind === null ? 0 : (repetitions.get(load) ?? 0);
    repetitions.set(load, repetition + 1);
    const key = JSON.stringify([facts, repetition]);
    const draft = drafts.get(key);
    if (draft !== undefined) {
      draft.points.push(point);
      continue;
    }
    drafts.set(key, {
      format: guidellm.format,
      tool: "guidellm",
      toolVersion: facts.toolVersion,
      measuredOn: benchmark.startedOn,
      stated: facts.stated,
      hints: facts.hints,
      seriesKey: null,
      qualityFlags: [],
      variant: facts.variant,
      points: [point],
      files: [path],
    });
  }
  return [...drafts.values()];
}
