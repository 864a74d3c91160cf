import { isList } from "../../../is-list";
import type { LatencyStatistics, Metric } from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { MS_PER_SECOND } from "../../../units";
import { type FieldSink, type JsonRecord, memberPath, numberOf, own } from "../../parse/fields";
import { problem } from "../../problem";
import { SampleAccumulator } from "../sample-accumulator";

/** Whole time of each request, seconds, under the names the clients give it. */
const TOTAL_KEYS = ["latencies", "e2els"];

/** Statistics of single requests, and whether any of them comes from a histogram. */
export interface RequestStatistics {
  metrics: Partial<Record<Metric, LatencyStatistics | null>>;
  approximate: boolean;
}

/** The arrays a client writes with one entry a request. */
interface RequestArrays {
  ttfts: readonly unknown[];
  gaps: readonly unknown[];
  lengths: readonly unknown[];
  errors: readonly unknown[] | null;
  totals: { key: string; values: readonly unknown[] } | null;
}

/**
 * Latency statistics from the arrays of `--save-detailed` and `--output-details` (seconds although the aggregates are ms):
 * TTFT, TPOT, NTPOT and end-to-end over requests, inter-token latency pooled over all gaps. `null` where the arrays are not
 * there or do not hold exactly the completed requests. What cannot be a time is a problem. Of answers that came in one piece
 * (`streamed` false) only the whole time means anything.
 */
export function statisticsOfRequests(
  sink: FieldSink,
  record: JsonRecord,
  location: string,
  completed: number,
  streamed: boolean,
): RequestStatistics | null {
  const arrays = arraysOf(record);
  if (arrays === null) return null;
  const seconds = (value: unknown, key: string, index: number): number | null => {
    const number = numberOf(value);
    const expected = number === null ? "a number" : impossibleValue(number);
    if (expected === null) return number;
    const path = `${memberPath(location, key)}[${index}]`;
    const message = `${sink.file}, ${path}: is no time; expected ${expected}.`;
    sink.problems.push(problem(sink.file, path, value, expected, message));
    return null;
  };
  const samples: Record<Metric, SampleAccumulator> = {
    ttft: new SampleAccumulator(),
    tpot: new SampleAccumulator(),
    itl: new SampleAccumulator(),
    ntpot: new SampleAccumulator(),
    e2e: new SampleAccumulator(),
  };
  let found = 0;
  for (let index = 0; index < arrays.ttfts.length; index++) {
    const failed = arrays.errors === null ? numberOf(arrays.ttfts[index]) === 0 : Boolean(arrays.errors[index]);
    if (failed) continue;
    found += 1;
    const outputTokens = seconds(arrays.lengths[index], "output_lens", index);
    const statedS = arrays.totals === null ? null : seconds(arrays.totals.values[index], arrays.totals.key, index);
    const stated = statedS !== null && statedS > 0;
    // Without streaming the first token's time is the whole time, or -1.
    const ttftS = !streamed && stated ? statedS : seconds(arrays.ttfts[index], "ttfts", index);
    const requestGaps = arrays.gaps[index];
    if (ttftS === null || outputTokens === null || !isList(requestGaps)) return null;
    let summedS = ttftS;
    for (const gap of requestGaps) {
      const gapS = seconds(gap, "itls", index);
      if (gapS === null) return null;
      if (streamed) samples.itl.add(gapS);
      summedS += gapS;
    }
    const totalS = stated ? statedS : summedS;
    // 0 stands for a request that succeeded without any output.
    if (streamed && ttftS > 0) samples.ttft.add(ttftS);
    if (streamed && outputTokens > 1) samples.tpot.add((totalS - ttftS) / (outputTokens - 1));
    if (outputTokens > 0) samples.ntpot.add(totalS / outputTokens);
    if (totalS > 0) samples.e2e.add(totalS);
  }
  if (found !== completed) return null;
  const statistics: RequestStatistics = { metrics: {}, approximate: false };
  for (const [metric, accumulator] of Object.entries(samples) as [Metric, SampleAccumulator][]) {
    const computed = accumulator.statisticsMs(MS_PER_SECOND);
    statistics.metrics[metric] = computed.statistics;
    statistics.approximate ||= computed.approximate;
  }
  return statistics;
}

/** How many requests failed by the list of errors (`""` = none); `null` without one. */
export function failedRequestsOf(record: JsonRecord): number | null {
  const errors = own(record, "errors");
  return isList(errors) ? errors.filter(Boolean).length : null;
}

function arraysOf(record: JsonRecord): RequestArrays | null {
  const ttfts = own(record, "ttfts");
  const gaps = own(record, "itls");
  const lengths = own(record, "output_lens");
  if (!isList(ttfts) || !isList(gaps) || !isList(lengths)) return null;
  if (gaps.length !== ttfts.length || lengths.length !== ttfts.length) return null;
  const errors = own(record, "errors");
  const totals = TOTAL_KEYS.flatMap((key) => {
    const values = own(record, key);
    return isList(values) && values.length === ttfts.length ? [{ key, values: values }] : [];
  });
  return { ttfts, gaps, lengths, errors: isList(errors) ? errors : null, totals: totals[0] ?? null };
}
