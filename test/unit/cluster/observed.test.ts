import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_UNSTEADINESS, type ObservedSeries, observedLoad, windowEnds } from "@/lib/cluster/observed-load";
import { isSelector, OBSERVED_SERVERS, observedQueries } from "@/lib/cluster/observed-queries";

const END = 1_780_000_000;
const WINDOW = { ends: [END], seconds: 600 };

function seriesOf(values: Record<string, number>): ObservedSeries {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Map([[END, value]])]));
}

const STEADY = {
  replicasLow: 2,
  replicasHigh: 2,
  requests: 2400,
  unsteadiness: 0.1,
  outputTokensPerSecond: 800,
  inputTokensPerSecond: 4000,
  "ttft.mean": 120,
  "ttft.p95": 300,
  "tpot.mean": 22,
};

describe("windows of servers in use", () => {
  it("are load points of one replica, by hand: 2,400 requests in 600 s on two replicas are 2 requests/s each", () => {
    const { rows, leftOut } = observedLoad(seriesOf(STEADY), WINDOW, { model: "org/m" });
    expect(leftOut).toEqual([]);
    expect(rows).toEqual([
      expect.objectContaining({
        model: "org/m",
        measured_on: new Date(END * 1000).toISOString(),
        load_kind: "request_rate",
        load_value: 2,
        request_rate_achieved: 2,
        requests_completed: 1200,
        output_tokens_per_second: 400,
        output_tokens_mean: 200,
        input_tokens_mean: 1000,
        ttft_ms_mean: 120,
        ttft_ms_p95: 300,
        quality_flags: "observed_in_production;percentiles_from_histogram;multi_replica_behind_router",
      }),
    ]);
  });

  it.each([
    [{ unsteadiness: 0.3 }, "the load was not steady"],
    [{ unsteadiness: Number.NaN }, "the load was not steady"],
    [{ replicasLow: 1 }, "the number of replicas changed"],
    [{ requests: 3 }, "fewer than 20 requests"],
    [{ replicasHigh: Number.NaN }, "no server was there"],
  ])("%j are left out, and why is said", (change, reason) => {
    const { rows, leftOut } = observedLoad(seriesOf({ ...STEADY, ...change }), WINDOW, {});
    expect(rows).toEqual([]);
    expect(leftOut).toEqual([{ reason, windows: 1 }]);
  });

  it("never become a point where the load was not steady, and no figure is made of what is not there", () => {
    const numbers = fc.oneof(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.constant(Number.NaN),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(
        fc.record({ unsteadiness: numbers, requests: numbers, "ttft.p99": numbers, "e2e.mean": numbers }),
        (given) => {
          const known = Object.entries({ ...STEADY, ...given }).filter(
            (entry): entry is [string, number] => entry[1] !== undefined,
          );
          const { rows, leftOut } = observedLoad(seriesOf(Object.fromEntries(known)), WINDOW, {});
          expect(rows.length + leftOut.reduce((sum, { windows }) => sum + windows, 0)).toBe(1);
          if (rows.length > 0) {
            expect(given.unsteadiness ?? STEADY.unsteadiness).toBeLessThanOrEqual(MAX_UNSTEADINESS);
            expect(Object.values(rows[0] ?? {}).some((value) => Number.isNaN(value))).toBe(false);
          }
        },
      ),
    );
  });

  it("lie whole between two moments", () => {
    expect(windowEnds(0, 1800, 600)).toEqual([600, 1200, 1800]);
    expect(windowEnds(0, 599, 600)).toEqual([]);
    expect(windowEnds(10, 0, 600)).toEqual([]);
  });
});

describe("queries of a server's metrics", () => {
  it("hold the selector in every series and nothing a server does not export", () => {
    for (const server of OBSERVED_SERVERS) {
      const queries = observedQueries(server, '{namespace="llm"}', 600);
      expect(Object.keys(queries)).toContain("ttft.p95");
      for (const query of Object.values(queries)) {
        expect(query).toContain('{namespace="llm"}');
        expect(query).not.toContain("null");
      }
    }
    expect(observedQueries("sglang", "", 600)["tpot.mean"]).toBeUndefined();
    expect(observedQueries("ollama", "", 600)).toEqual({});
  });

  it.each([
    ["", true],
    ['{namespace="llm",pod=~"x.*"}', true],
    ["up", false],
    ['{a="b"} or up{c="d"}', false],
  ])("%j is a selector: %s", (text, is) => expect(isSelector(text)).toBe(is));
});
