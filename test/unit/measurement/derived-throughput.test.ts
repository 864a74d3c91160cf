import { describe, expect, it } from "vitest";
import { littlesLawThroughput } from "@/lib/measurement/derived-throughput";

describe("littlesLawThroughput", () => {
  it("gives the figure worked out by hand", () => {
    // A request takes 100 + 10 × (101 − 1) = 1100 ms; 11 in flight complete 10 a second, 101 tokens each.
    expect(littlesLawThroughput({ concurrency: 11, outputTokens: 101, ttftMs: 100, tpotMs: 10 })).toBeCloseTo(1010, 9);
  });
});
