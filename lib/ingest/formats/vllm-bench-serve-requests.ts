import type { LatencyStatistics, Metric } from "../../domain";
import { type FieldSink, type JsonRecord, memberPath, numberOf, own } from "../fields";
import { distributionMs } from "../percentiles";
import { problem } from "../problem";
import { impossibleValue } from "../quality";

/** What one successful request took, seconds. */
interface RequestTimes {
  ttftS: number;
  gapsS: number[];
  totalS: number;
  outputTokens: number;
}

/**
 * Latency statistics from the arrays of `--save-detailed` (seconds although the aggregates are ms): TTFT, TPOT, NTPOT and
 * end-to-end over requests, inter-token latency pooled over all gaps. `null` where the arrays are not there or do not hold
 * exactly the completed requests. What cannot be a time is a problem.
 */
export function statisticsOfRequests(
  sink: FieldSink,
  record: JsonRecord,
  at: string,
  completed: number,
): Partial<Record<Metric, LatencyStatistics | null>> | null {
  const requests = requestsOf(sink, record, at);
  if (requests === null || requests.length !== completed) return null;
  const severalTokens = requests.filter((request) => request.outputTokens > 1);
  const someTokens = requests.filter((request) => request.outputTokens > 0);
  return {
    // 0 stands for a request that succeeded without any output.
    ttft: distributionMs(requests.map((request) => request.ttftS).filter((seconds) => seconds > 0)),
    tpot: distributionMs(severalTokens.map((request) => (request.totalS - request.ttftS) / (request.outputTokens - 1))),
    itl: distributionMs(requests.flatMap((request) => request.gapsS)),
    ntpot: distributionMs(someTokens.map((request) => request.totalS / request.outputTokens)),
    e2e: distributionMs(requests.map((request) => request.totalS).filter((seconds) => seconds > 0)),
  };
}

function requestsOf(sink: FieldSink, record: JsonRecord, at: string): RequestTimes[] | null {
  const ttfts = own(record, "ttfts");
  const gaps = own(record, "itls");
  const lengths = own(record, "output_lens");
  if (!Array.isArray(ttfts) || !Array.isArray(gaps) || !Array.isArray(lengths)) return null;
  if (gaps.length !== ttfts.length || lengths.length !== ttfts.length) return null;
  const errors = own(record, "errors");
  const totals = own(record, "latencies");
  const requests: RequestTimes[] = [];
  const seconds = (value: unknown, key: string, index: number): number | null => {
    const number = numberOf(value);
    const expected = number === null ? "a number" : impossibleValue(number);
    if (expected === null) return number;
    const path = `${memberPath(at, key)}[${index}]`;
    sink.problems.push(
      problem(sink.file, path, value, expected, `${sink.file}, ${path}: is no time; expected ${expected}.`),
    );
    return null;
  };
  for (let index = 0; index < ttfts.length; index++) {
    const failed = Array.isArray(errors) ? Boolean(errors[index]) : numberOf(ttfts[index]) === 0;
    if (failed) continue;
    const ttftS = seconds(ttfts[index], "ttfts", index);
    const requestGaps: unknown = gaps[index];
    const gapsS = Array.isArray(requestGaps) ? requestGaps.map((gap) => seconds(gap, "itls", index)) : null;
    const outputTokens = seconds(lengths[index], "output_lens", index);
    if (ttftS === null || gapsS === null || outputTokens === null || gapsS.includes(null)) return null;
    const known = gapsS.filter((gap) => gap !== null);
    const stated =
      Array.isArray(totals) && totals.length === ttfts.length ? seconds(totals[index], "latencies", index) : null;
    const summed = known.reduce((sum, gap) => sum + gap, ttftS);
    requests.push({ ttftS, gapsS: known, totalS: stated !== null && stated > 0 ? stated : summed, outputTokens });
  }
  return requests;
}
