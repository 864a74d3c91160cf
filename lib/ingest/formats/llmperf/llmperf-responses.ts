import { MAX_PROBLEMS_PER_FILE } from "../../../limits";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../../units";
import type { AdapterResult } from "../../facts/draft-run";
import { emptyPoint, isRecord, numberOf, own } from "../../parse/fields";
import type { RecordFormat } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { SampleAccumulator } from "../sample-accumulator";

export const LLMPERF_FORMAT = "llmperf";

const MS_PER_MS = 1;

/** True for one response as LLMPerf records it. */
export function isLlmperfResponse(value: unknown): boolean {
  return (
    isRecord(value) &&
    own(value, "error_code") !== undefined &&
    own(value, "request_output_throughput_token_per_s") !== undefined &&
    own(value, "inter_token_latency_s") !== undefined
  );
}

/**
 * The individual responses without their summary: latencies are computed from the single requests, and what only the summary
 * says (concurrency, duration, throughput, model) is not known.
 */
export const llmperfResponses: RecordFormat = {
  sniff: isLlmperfResponse,
  reader: ({ path }) => {
    const ttft = new SampleAccumulator();
    const tpot = new SampleAccumulator();
    const ntpot = new SampleAccumulator();
    const e2e = new SampleAccumulator();
    const problems: Problem[] = [];
    let completed = 0;
    let failed = 0;
    let inputTokens = 0;
    let outputTokens = 0;
    return {
      add(value, location) {
        if (!isRecord(value)) {
          refuse(problems, path, location, value, "a response of LLMPerf");
          return;
        }
        const code = own(value, "error_code");
        if (code !== null && code !== undefined) {
          failed += 1;
          return;
        }
        const figures = REQUIRED.map((key) => numberOf(own(value, key)));
        const wrong = REQUIRED.find((_, index) => {
          const figure = figures[index] ?? null;
          return figure === null || impossibleValue(figure) !== null;
        });
        if (wrong !== undefined) {
          refuse(problems, path, `${location}, ${wrong}`, own(value, wrong), "a number, 0 or more");
          return;
        }
        const [ttftS = 0, totalS = 0, perTokenS = 0, input = 0, output = 0] = figures.map((figure) => figure ?? 0);
        completed += 1;
        inputTokens += input;
        outputTokens += output;
        // 0 stands for a first token that was never seen.
        if (ttftS > 0) ttft.add(ttftS);
        if (totalS > 0) e2e.add(totalS);
        if (perTokenS > 0) ntpot.add(perTokenS);
        if (ttftS > 0 && output > 1 && totalS >= ttftS) tpot.add(((totalS - ttftS) / (output - 1)) * MS_PER_SECOND);
      },
      finish(): AdapterResult {
        if (problems.length === 0 && completed === 0) {
          refuse(problems, path, "", failed, "at least one completed request");
        }
        if (problems.length > 0) return { drafts: [], problems, skipped: [] };
        const point: ReadPoint = emptyPoint(path, "$");
        const statistics = (samples: SampleAccumulator, msPerUnit: number) => {
          const computed = samples.statisticsMs(msPerUnit);
          if (computed.approximate) addFlag(point.qualityFlags, "percentiles_approximate");
          return computed.statistics;
        };
        point.requestsCompleted = completed;
        point.requestsFailed = failed;
        point.inputTokensMean = inputTokens / completed;
        point.outputTokensMean = outputTokens / completed;
        point.ttftMs = statistics(ttft, MS_PER_SECOND);
        point.tpotMs = statistics(tpot, MS_PER_MS);
        point.ntpotMs = statistics(ntpot, MS_PER_SECOND);
        point.e2eMs = statistics(e2e, MS_PER_SECOND);
        addFlag(point.qualityFlags, "percentiles_from_request_times");
        addFlag(point.qualityFlags, "load_unknown");
        const run = {
          format: LLMPERF_FORMAT,
          tool: "LLMPerf",
          measuredOn: null,
          stated: {},
          hints: {},
          seriesKey: null,
          qualityFlags: [],
          points: [point],
          files: [path],
        };
        return { drafts: [run], problems: [], skipped: [] };
      },
    };
  },
};

const REQUIRED = [
  "ttft_s",
  "end_to_end_latency_s",
  "inter_token_latency_s",
  "number_input_tokens",
  "number_output_tokens",
] as const;

function refuse(problems: Problem[], path: string, location: string, value: unknown, expected: string): void {
  if (problems.length >= MAX_PROBLEMS_PER_FILE) return;
  problems.push(
    problem(path, location, value, expected, `${path}${location === "" ? "" : `, ${location}`}: expected ${expected}.`),
  );
}
