import { METRIC_LABELS, METRIC_MEANINGS, METRICS } from "../measurement/latency";
import { GRADE_WORDS } from "./grade-words";

/** Words of the product that a newcomer may not know, as they stand in sentences and above columns, and what they mean. */
export const TERMS: readonly { word: RegExp; meaning: string }[] = [
  ...METRICS.map((metric) => ({
    word: new RegExp(`\\b${METRIC_LABELS[metric]}\\b`),
    meaning: METRIC_MEANINGS[metric],
  })),
  {
    word: /\breplicas?\b/,
    meaning: "one copy of the server with all accelerators it needs; several share the requests",
  },
  {
    word: /\bper million output tokens\b|\S+ \/ M out\b/,
    meaning: "what the machines cost while a million tokens of answers are made",
  },
  { word: /\S+ \/ month\b/, meaning: "what the machines of the plan cost in a month of 730 hours" },
  { word: /\btok\/s/, meaning: "output tokens a second that one replica makes" },
  { word: /\bat most(?= \$| [A-Z€£¥])/, meaning: "the load ended before the target: it may cost less, never more" },
  { word: /\bat least\b/, meaning: GRADE_WORDS.atLeast.meaning },
  { word: /\bderived\b/, meaning: "throughput computed from measured latencies, not measured itself" },
  { word: /\binterpolated\b/, meaning: GRADE_WORDS.interpolated.meaning },
  { word: /\bestimated\b/, meaning: GRADE_WORDS.estimated.meaning },
  { word: /\bheadroom\b/, meaning: "share of what the replicas can carry that is kept free" },
  { word: /\bin flight\b/, meaning: "requests whose answers are being made at the same time" },
  { word: /\bknee\b/, meaning: "where more load brings little more throughput" },
  { word: /\bp(?:50|90|95|99)\b/, meaning: "the share of requests that are at least as fast: p95 = 95 of 100" },
  {
    word: /\b(?:FP4|FP8|BF16|FP16|INT4|INT8)\b/,
    meaning: "numbers of the weights: the digits are bits a weight; fewer are faster and may cost quality",
  },
  { word: /\bon demand\b/, meaning: "rented by the hour, without commitment" },
];

/** A part of a text: a term with its meaning, or the words between. */
export interface TextPart {
  text: string;
  meaning: string | null;
}

/** A text cut at the first place of each term it has, the terms already explained left alone. */
export function partsWithTerms(text: string, explained: Set<string> = new Set()): TextPart[] {
  const found: { start: number; end: number; meaning: string }[] = [];
  for (const { word, meaning } of TERMS) {
    const match = word.exec(text);
    if (match === null || explained.has(meaning)) continue;
    const [start, end] = [match.index, match.index + match[0].length];
    if (found.some((other) => start < other.end && other.start < end)) continue;
    explained.add(meaning);
    found.push({ start, end, meaning });
  }
  const parts: TextPart[] = [];
  let at = 0;
  for (const { start, end, meaning } of found.sort((a, b) => a.start - b.start)) {
    if (start > at) parts.push({ text: text.slice(at, start), meaning: null });
    parts.push({ text: text.slice(start, end), meaning });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), meaning: null });
  return parts;
}
