import { describe, expect, it } from "vitest";
import { formatLatency, formatNumber, formatPercent, formatUsd, plural } from "../../lib/format";
import { loadLabel } from "../../lib/words";

describe("numbers on the screen", () => {
  it("have three significant figures, or are whole from a thousand", () => {
    expect([0.012345, 22.46, 693.4, 2949.7, 10572.2].map(formatNumber)).toEqual([
      "0.0123",
      "22.5",
      "693",
      "2,950",
      "10,572",
    ]);
  });

  it("turn milliseconds into seconds from a thousand", () => {
    expect([7.246, 410, 1000, 1240].map(formatLatency)).toEqual(["7.25 ms", "410 ms", "1 s", "1.24 s"]);
  });

  it("never show a small price as nothing", () => {
    expect([0, 0.00351, 0.0945, 0.61, 2.5, 7139.4].map(formatUsd)).toEqual([
      "$0.00",
      "$0.00351",
      "$0.0945",
      "$0.61",
      "$2.50",
      "$7,139",
    ]);
    expect(formatPercent(0.07)).toBe("7%");
  });

  it("agree with their noun", () => {
    expect([plural(1, "replica"), plural(4, "replica"), plural(1, "near miss", "near misses")]).toEqual([
      "1 replica",
      "4 replicas",
      "1 near miss",
    ]);
  });

  it("say what a load is", () => {
    expect([
      loadLabel("concurrency", 89.52),
      loadLabel("request_rate", 4),
      loadLabel("max", null),
      loadLabel(null, null),
    ]).toEqual(["89.5 in flight", "4 req/s", "everything at once", "no single load stated"]);
  });
});
