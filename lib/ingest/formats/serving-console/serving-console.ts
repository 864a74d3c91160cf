import { addFlag } from "../../../measurement/quality-flags";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { overlayFacts } from "../../facts/facts";
import type { ParsedFile } from "../../parse/parsed-file";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter, BesideResults } from "../adapter";
import { leaveOutEmptyPoints } from "../empty-points";
import { readClientPoint } from "../serving-client/client-result";
import { sglangWorkload } from "../sglang/sglang-bench-serving";
import { vllmDialect } from "../vllm/vllm-bench-serve";
import { type ClientArguments, countOf } from "./console-arguments";
import { type ConsoleBlock, consoleBlocks, holdsConsoleResult } from "./console-blocks";

const FORMAT = "serving-console";

/** Formats whose results the same client saved. */
const SAVED_FORMATS: ReadonlySet<string> = new Set(["vllm-bench-serve", "sglang-bench-serving"]);

/**
 * What `vllm bench serve`, `benchmark_serving.py` and `sglang.bench_serving` print: results under "Serving Benchmark Result", and
 * before them what the client was started with. That names data set and nominal lengths, which saved results lack: beside
 * these it completes them, and its own copies of their figures are left out.
 */
export const servingConsole: Adapter = {
  format: FORMAT,
  label: "console output of vllm bench serve and sglang.bench_serving",
  factsWin: "flags",
  sniff: (file) => textOf(file) !== null,
  read: (files) => besideResults(files).rest(),
  besideResults,
};

interface LocatedBlock extends ConsoleBlock {
  file: ParsedFile;
  /** True where a saved result has the same figures. */
  isSaved: boolean;
}

function textOf(file: ParsedFile): string | null {
  return (file.kind === "text" || file.kind === "csv") && holdsConsoleResult(file.text) ? file.text : null;
}

function besideResults(files: readonly ParsedFile[]): BesideResults {
  const blocks = files.flatMap((file) =>
    consoleBlocks(textOf(file) ?? "").map((block): LocatedBlock => ({ ...block, file, isSaved: false })),
  );
  const byFigures = new Map<string, LocatedBlock[]>();
  for (const block of blocks) {
    const key = figuresOf(block.record.completed, block.record.duration, block.record.mean_ttft_ms);
    byFigures.set(key, [...(byFigures.get(key) ?? []), block]);
  }
  return {
    complete(draft) {
      const [point, ...others] = draft.points;
      if (!SAVED_FORMATS.has(draft.format) || point === undefined || others.length > 0) return draft;
      const key = figuresOf(point.requestsCompleted, point.durationS, point.ttftMs?.mean ?? null);
      const same = byFigures.get(key) ?? [];
      for (const block of same) block.isSaved = true;
      const [first] = same;
      return first === undefined ? draft : completed(draft, point, first);
    },
    rest: () => readBlocks(files, blocks),
  };
}

/** Figures both forms have, in the two decimals that are printed. */
function figuresOf(...figures: unknown[]): string {
  return figures.map((figure) => (figure === null || figure === undefined ? "" : Number(figure).toFixed(2))).join(" ");
}

function completed(draft: DraftRun, point: ReadPoint, block: LocatedBlock): DraftRun {
  const facts = factsOf(block);
  const tokenizer = draft.tokenizer ?? facts.tokenizer;
  // Early versions save no limit of requests in flight.
  const isLimited = point.loadKind === "max" && block.cap !== null;
  return {
    ...draft,
    stated: overlayFacts(facts.stated, draft.stated),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    points: [isLimited ? { ...point, loadKind: "concurrency", loadValue: block.cap } : point],
    files: [...draft.files, block.file.path],
  };
}

function readBlocks(files: readonly ParsedFile[], blocks: readonly LocatedBlock[]): AdapterResult {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  const seen = new Set<string>();
  for (const file of files) {
    const own = blocks.filter((block) => block.file === file);
    const fresh = own.filter((block) => {
      const key = JSON.stringify(block.record);
      if (block.isSaved || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (fresh.length === 0) {
      const reason = "console output: results read beside it hold its figures";
      result.skipped.push({ file: file.path, reason });
      continue;
    }
    // Prose shows results as examples, often of other machines.
    if (!file.named && /\.(?:md|rst|html?)$/i.test(file.path)) {
      const reason = "prose with printed results in it: name the file to read them";
      result.skipped.push({ file: file.path, reason });
      continue;
    }
    const read = fresh.map((block) => ({ block, point: pointOf(file.path, block) }));
    const problems = leaveOutEmptyPoints(
      read.flatMap(({ point }) => (point.ok ? [] : point.error)),
      read.filter(({ point }) => point.ok).length,
      result,
    );
    result.problems.push(...problems);
    if (problems.length > 0) continue;
    for (const { block, point } of read) if (point.ok) result.drafts.push(draftOf(file.path, block, point.value));
  }
  return result;
}

function pointOf(path: string, block: ConsoleBlock): ReturnType<typeof readClientPoint> {
  const { record, cap, rate } = block;
  const planned = countOf(block.options, "num_prompts");
  const whole = {
    ...record,
    max_concurrency: cap,
    request_rate: rate ?? "inf",
    ...(planned === null ? {} : { num_prompts: planned }),
  };
  const read = readClientPoint(path, `line ${block.line}`, whole, vllmDialect);
  if (!read.ok || block.saysLoad) return read;
  const point: ReadPoint = { ...read.value, loadKind: null, loadValue: null };
  addFlag(point.qualityFlags, "load_unknown");
  return { ok: true, value: point };
}

function draftOf(path: string, block: ConsoleBlock, point: ReadPoint): DraftRun {
  const { stated, hints, tokenizer } = factsOf(block);
  return {
    format: FORMAT,
    tool: block.isSglang ? "sglang.bench_serving" : "vllm bench serve",
    measuredOn: null,
    stated,
    hints,
    ...(tokenizer === undefined ? {} : { tokenizer }),
    seriesKey: null,
    qualityFlags: [],
    variant: JSON.stringify([block.options.get("label") ?? null, block.options.get("random_range_ratio") ?? null]),
    points: [point],
    files: [path],
    locationOf: () => `line ${block.line}`,
  };
}

/** Model, data set and lengths of the options. `backend` is the protocol the client spoke; only SGLang's own names a server. */
function factsOf({ options, isSglang }: ConsoleBlock): { stated: GivenFacts; hints: GivenFacts; tokenizer?: string } {
  const stated: GivenFacts = { ...(isSglang ? sglangLengths(options) : vllmLengths(options)) };
  const model = options.get("model");
  if (model !== undefined) stated.model = model;
  const tokenizer = options.get("tokenizer");
  const hints: GivenFacts = isSglang && options.get("backend") === "sglang" ? { server: "sglang" } : {};
  return { stated, hints, ...(tokenizer === undefined || tokenizer === model ? {} : { tokenizer }) };
}

function sglangLengths(options: ClientArguments): GivenFacts {
  return sglangWorkload(Object.fromEntries(options));
}

/** Lengths hold only for prompts that are made to have them. */
function vllmLengths(options: ClientArguments): GivenFacts {
  const dataset = options.get("dataset_name")?.toLowerCase();
  if (dataset === undefined) return {};
  const facts: GivenFacts = { dataset: dataset.replace(/[\s_]+/g, "-") };
  const made = ["random", "sonnet"].find((name) => dataset.startsWith(name));
  if (made === undefined) return facts;
  const input = countOf(options, `${made}_input_len`, "input_len");
  const output = countOf(options, `${made}_output_len`, "output_len");
  if (input !== null) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}
