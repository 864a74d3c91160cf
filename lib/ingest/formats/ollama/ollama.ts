import { appendAll } from "../../../append-all";
import { addFlag } from "../../../measurement/quality-flags";
import { NS_PER_MS } from "../../../units";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { emptyPoint, isRecord, type JsonRecord, numberOf, own, textAt } from "../../parse/fields";
import { documentsOf, elementsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { distributionMs } from "../percentiles";

const FORMAT = "ollama";
const MS_PER_NS = 1 / NS_PER_MS;
const NS_PER_SECOND = 1e9;

/** What Ollama says of one answer: nanoseconds and tokens. */
interface Answer {
  location: string;
  model: string | null;
  createdAt: string | null;
  totalNs: number;
  loadNs: number;
  evalNs: number;
  evalCount: number;
  promptCount: number | null;
}

const COUNTED = ["total_duration", "eval_count", "eval_duration"];

/**
 * Ollama's own statistics of its answers: the last object of each answer of its API (one, a list or one a line), or what `ollama run
 * --verbose` prints. One request at a time: the point of a file is concurrency 1 over its answers of one model. The time to load
 * the model is left out. Evaluating the prompt is not the time to a first token a client sees, so there is no TTFT.
 */
export const ollama: Adapter = {
  format: FORMAT,
  label: "Ollama's statistics of its answers (API responses, --verbose)",
  factsWin: "flags",
  sniff: (file) =>
    isVerbose(file) ||
    documentsOf(file).some(({ value }) => (Array.isArray(value) ? value.some(isAnswer) : isAnswer(value))),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) readFile(file, result);
    return result;
  },
};

function isAnswer(value: unknown): value is JsonRecord {
  return isRecord(value) && own(value, "done") === true && COUNTED.every((key) => own(value, key) !== undefined);
}

function isVerbose(file: ParsedFile): boolean {
  return (
    (file.kind === "text" && verboseAnswers(file.text).length > 0) ||
    (file.kind === "yaml" &&
      documentsOf(file).some(({ value }) => isRecord(value) && own(value, "eval rate") !== undefined))
  );
}

function readFile(file: ParsedFile, result: AdapterResult): void {
  const answers =
    file.kind === "text"
      ? verboseAnswers(file.text)
      : elementsOf(file).flatMap(({ location, value }): Answer[] =>
          isAnswer(value) ? [apiAnswer(location, value)] : isRecord(value) ? verboseRecord(location, value) : [],
        );
  const wrong = answers.find(({ totalNs, loadNs, evalNs, evalCount }) =>
    [totalNs, loadNs, evalNs, evalCount].some((value) => !Number.isFinite(value) || value < 0),
  );
  if (wrong !== undefined) {
    const expected = "durations in nanoseconds and a number of tokens, 0 or more";
    const message = `${file.path}, ${wrong.location}: the answer cannot be taken; expected ${expected}.`;
    result.problems.push(problem(file.path, wrong.location, "", expected, message));
    return;
  }
  const generating = answers.filter(
    ({ evalCount, evalNs, totalNs, loadNs }) => evalCount > 0 && evalNs > 0 && totalNs > loadNs,
  );
  if (generating.length === 0) {
    const expected = "at least one answer with tokens";
    result.problems.push(
      problem(file.path, "", "", expected, `${file.path}: no answer has tokens, so nothing was measured.`),
    );
    return;
  }
  const models = [...new Set(generating.map(({ model }) => model))];
  appendAll(
    result.drafts,
    models.map((model) =>
      draftOf(
        file.path,
        model,
        generating.filter((answer) => answer.model === model),
      ),
    ),
  );
}

function draftOf(path: string, model: string | null, answers: readonly Answer[]): DraftRun {
  const [first] = answers;
  const point: ReadPoint = { ...emptyPoint(path, first?.location ?? "$"), loadKind: "concurrency", loadValue: 1 };
  const whole = answers.map(({ totalNs, loadNs }) => totalNs - loadNs);
  const busyS = whole.reduce((sum, ns) => sum + ns, 0) / NS_PER_SECOND;
  const output = answers.reduce((sum, { evalCount }) => sum + evalCount, 0);
  const prompts = answers.flatMap(({ promptCount }) => (promptCount === null ? [] : [promptCount]));
  point.requestsCompleted = answers.length;
  point.outputTokensMean = output / answers.length;
  point.inputTokensMean =
    prompts.length === answers.length ? prompts.reduce((sum, count) => sum + count, 0) / prompts.length : null;
  point.outputTokensPerSecond = output / busyS;
  point.e2eMs = distributionMs(whole, MS_PER_NS);
  point.tpotMs = distributionMs(
    answers.map(({ evalNs, evalCount }) => evalNs / evalCount),
    MS_PER_NS,
  );
  point.ntpotMs = distributionMs(
    answers.map(({ evalCount }, index) => (whole[index] ?? 0) / evalCount),
    MS_PER_NS,
  );
  addFlag(point.qualityFlags, "percentiles_from_request_times");
  addFlag(point.qualityFlags, "throughput_from_request_times");
  return {
    format: FORMAT,
    tool: "ollama",
    measuredOn: first?.createdAt?.slice(0, 10) ?? null,
    stated: { server: "ollama", ...(model === null ? {} : { model }) },
    hints: {},
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [path],
  };
}

function apiAnswer(location: string, value: JsonRecord): Answer {
  const number = (key: string) => numberOf(own(value, key)) ?? Number.NaN;
  const created = /^\d{4}-\d{2}-\d{2}/.exec(textAt(value, "created_at") ?? "")?.[0] ?? null;
  const prompt = numberOf(own(value, "prompt_eval_count"));
  return {
    location,
    model: textAt(value, "model"),
    createdAt: created,
    totalNs: number("total_duration"),
    loadNs: numberOf(own(value, "load_duration")) ?? 0,
    evalNs: number("eval_duration"),
    evalCount: number("eval_count"),
    promptCount: prompt !== null && Number.isInteger(prompt) && prompt >= 0 ? prompt : null,
  };
}

const UNITS_NS: Readonly<Record<string, number>> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, µs: 1e3, us: 1e3, ns: 1 };

/** `1m2.5s`, `130.079ms` as Go prints durations → nanoseconds; `null` for anything else. */
function goDuration(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) return null;
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNITS_NS[unit ?? ""] ?? Number.NaN), 0);
}

/** The blocks `--verbose` prints behind each answer. One pass over the lines. */
function verboseAnswers(text: string): Answer[] {
  const answers: Answer[] = [];
  let block = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    const label =
      /^(total duration|load duration|prompt eval count|eval count|eval duration|eval rate):\s+(\S.*?)\s*$/.exec(line);
    if (label === null) continue;
    if (label[1] === "total duration") block = new Map();
    block.set(label[1] ?? "", label[2] ?? "");
    if (label[1] === "eval rate") appendAll(answers, fromBlock(`line ${index + 1}`, block));
  }
  return answers;
}

function verboseRecord(location: string, value: JsonRecord): Answer[] {
  return fromBlock(location, new Map(Object.entries(value).map(([key, text]) => [key, String(text)])));
}

function fromBlock(location: string, block: ReadonlyMap<string, string>): Answer[] {
  const duration = (label: string) => goDuration(block.get(label) ?? "");
  const count = (label: string) => numberOf(/^\d+/.exec(block.get(label) ?? "")?.[0] ?? null);
  const [totalNs, evalNs, evalCount] = [duration("total duration"), duration("eval duration"), count("eval count")];
  if (totalNs === null || evalNs === null || evalCount === null) return [];
  const loadNs = duration("load duration") ?? 0;
  return [
    {
      location,
      model: null,
      createdAt: null,
      totalNs,
      loadNs,
      evalNs,
      evalCount,
      promptCount: count("prompt eval count"),
    },
  ];
}
