import type { JsonRecord } from "../../parse/fields";
import { argumentsOfCommand, argumentsOfNamespace, type ClientArguments } from "./console-arguments";

/** One result as a client printed it, with what it printed before. */
export interface ConsoleBlock {
  /** Line of its heading, from 1. */
  line: number;
  /** Its figures under the names the client's JSON gives them. */
  record: JsonRecord;
  /** What the client was started with; empty where the text does not say. */
  options: ClientArguments;
  /** Requests in flight allowed, as printed; `null` = none, or not said. */
  cap: number | null;
  /** Requests/s offered, as printed (`inf` too); `null` = not said. */
  rate: string | null;
  /** True where the text says what the load was. */
  saysLoad: boolean;
  isSglang: boolean;
}

const HEADING = /=+ Serving Benchmark Result =+/;
const END = /^\s*(?:#\s*)?={20,}\s*$/;

/** True for a text with at least one such result. */
export function holdsConsoleResult(text: string): boolean {
  return HEADING.test(text);
}

/** Printed labels, lower case, and the key the client's JSON has for them. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["successful requests", "completed"],
  ["failed requests", "failed"],
  ["benchmark duration (s)", "duration"],
  ["total input tokens", "total_input_tokens"],
  ["total generated tokens", "total_output_tokens"],
  ["request throughput (req/s)", "request_throughput"],
  ["input token throughput (tok/s)", "input_throughput"],
  ["output token throughput (tok/s)", "output_throughput"],
  ["total token throughput (tok/s)", "total_token_throughput"],
]);

const METRICS: ReadonlyMap<string, string> = new Map([
  ["ttft", "ttft"],
  ["tpot", "tpot"],
  ["itl", "itl"],
  ["e2el", "e2el"],
  ["e2e latency", "e2el"],
]);

const STATISTIC_LABEL = /^(mean|median|p\d{2}) (.+?) \(ms\)$/;

/** Every result of a text, in order. One pass over its lines. */
export function consoleBlocks(text: string): ConsoleBlock[] {
  const blocks: ConsoleBlock[] = [];
  let options: ClientArguments = new Map();
  let before: { cap: string | null; rate: string | null } = { cap: null, rate: null };
  let command = "";
  let open: (ConsoleBlock & { hasCap: boolean }) | null = null;
  const close = () => {
    if (open !== null) blocks.push(open);
    open = null;
    before = { cap: null, rate: null };
  };
  for (const [index, raw] of text.split("\n").entries()) {
    // Progress bars overwrite their line.
    const line = raw.slice(raw.lastIndexOf("\r", raw.length - 2) + 1).replace(/^\s*#\s?/, "");
    if (HEADING.test(line)) {
      close();
      open = {
        line: index + 1,
        record: {},
        options,
        cap: countIn(before.cap) ?? countIn(options.get("max_concurrency") ?? null),
        rate: before.rate ?? options.get("request_rate") ?? null,
        saysLoad: options.size > 0 || before.rate !== null || before.cap !== null,
        isSglang: false,
        hasCap: false,
      };
      continue;
    }
    if (open !== null) {
      if (END.test(line)) {
        close();
        options = new Map();
        continue;
      }
      readLine(line, open);
      continue;
    }
    if (command !== "" || /serv/.test(line)) {
      if (command.length < MAX_COMMAND) command += ` ${line.replace(/\\\s*$/, "")}`;
      if (!/\\\s*$/.test(line)) {
        const started = argumentsOfCommand(command);
        // What the program prints of its arguments has the defaults too.
        if (started !== null) options = started;
        command = "";
      }
    }
    options = argumentsOfNamespace(line) ?? options;
    before.rate = /Traffic request rate:\s*([\w.]+)/i.exec(line)?.[1] ?? before.rate;
    before.cap = /Max(?:imum)? request concurrency:\s*(\w+)/i.exec(line)?.[1] ?? before.cap;
  }
  close();
  return blocks;
}

const MAX_COMMAND = 20_000;

function readLine(line: string, block: ConsoleBlock & { hasCap: boolean }): void {
  const colon = line.lastIndexOf(":");
  if (colon < 0) return;
  const label = line.slice(0, colon).trim().toLowerCase();
  const value = line.slice(colon + 1).trim();
  if (label === "backend" || label.includes("retokenized")) block.isSglang = true;
  if (label === "traffic request rate" || label === "request rate configured (rps)") {
    block.rate = value;
    block.saysLoad = true;
  } else if (/^max(?:imum)? request concurrency$/.test(label)) {
    block.cap = countIn(value);
    block.saysLoad = true;
  }
  const statistic = STATISTIC_LABEL.exec(label);
  const metric = METRICS.get(statistic?.[2] ?? "");
  const key = metric === undefined ? LABELS.get(label) : `${statistic?.[1]}_${metric}_ms`;
  if (key !== undefined && block.record[key] === undefined) block.record[key] = value;
}

function countIn(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) && Number(text) >= 1 ? Number(text) : null;
}
