import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packRuns } from "../../../lib/explorer/pack-runs";
import { unpackRuns } from "../../../lib/explorer/packed-runs";
import { latencyField, METRICS, STATISTICS } from "../../../lib/measurement/latency";
import { anyPoints, run } from "../frontier/builders";

describe("runs on their way to the browser", () => {
  it("arrive as they left, but for where their bytes lie", () => {
    fc.assert(
      fc.property(fc.array(anyPoints(), { maxLength: 5 }), (sweeps) => {
        const runs = sweeps.map((points, index) =>
          run({
            runId: `run-${index}`,
            points: points.map((point, ordinal) => ({
              ...point,
              runId: `run-${index}`,
              ordinal,
              reportSha256: "",
              sourceRef: null,
              // A metric with no statistic at all is a metric that was not measured.
              ...Object.fromEntries(
                METRICS.map((metric) => {
                  const values = point[latencyField(metric)];
                  return [
                    latencyField(metric),
                    values !== null && STATISTICS.some((s) => values[s] !== null) ? values : null,
                  ];
                }),
              ),
            })),
            configuration: { serverVersion: index % 2 === 0 ? "0.1.0" : null, configurationId: `c-${index % 2}` },
          }),
        );
        const there = JSON.parse(JSON.stringify(packRuns(runs)));
        expect(unpackRuns(there)).toEqual(runs);
      }),
    );
  });

  it("carry what they share once", () => {
    const runs = [run({ runId: "a" }), run({ runId: "b" })];
    const packed = packRuns(runs);
    expect(packed.configurations).toHaveLength(1);
    expect(packed.sources).toHaveLength(1);
    expect(packed.runs.map((item) => item.configuration)).toEqual([0, 0]);
  });
});
