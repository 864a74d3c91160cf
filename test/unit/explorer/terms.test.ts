import { describe, expect, it } from "vitest";
import { partsWithTerms } from "@/lib/explorer/terms";

const terms = (text: string, explained = new Set<string>()) =>
  partsWithTerms(text, explained).flatMap(({ text: part, meaning }) => (meaning === null ? [] : [part]));

describe("terms in a sentence", () => {
  const sentence =
    "2× H100, FP8, vLLM serves it for at most $0.61 per million output tokens: at least 2,950 output tokens/s a replica (derived), TTFT p95 410 ms.";

  it("are those a newcomer may not know, each where it stands first", () => {
    expect(terms(sentence)).toEqual([
      ...["FP8", "at most", "per million output tokens", "at least", "replica", "derived", "TTFT", "p95"],
    ]);
    const explained = new Set<string>();
    expect(terms("TTFT 1 ms, TTFT 2 ms", explained)).toEqual(["TTFT"]);
    expect(terms("TTFT again and 3 replicas", explained)).toEqual(["replicas"]);
  });

  it("are also those above the columns of a table, whatever the currency", () => {
    expect(["$ / M out", "EUR / M out", "$ / month", "tok/s", "TTFT p95"].map((heading) => terms(heading))).toEqual([
      ...[["$ / M out"], ["EUR / M out"], ["$ / month"], ["tok/s"], ["TTFT", "p95"]],
    ]);
  });

  it("leave the sentence as it is", () => {
    expect(
      partsWithTerms(sentence)
        .map(({ text }) => text)
        .join(""),
    ).toBe(sentence);
    expect(partsWithTerms("nothing to explain")).toEqual([{ text: "nothing to explain", meaning: null }]);
    expect(partsWithTerms("")).toEqual([]);
  });
});
