import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HeldFile } from "../../../lib/ingest/report";
import { fixture, read, textFile } from "./support";

const NAMES = [
  "inference-perf/run",
  "inference-perf/v0.1",
  "inference-perf/yaml",
  "vllm-bench-serve/current.json",
  "vllm-bench-serve/append-result.json",
  "vllm-bench-serve/detailed.json",
  "vllm-bench-serve/sweep-summary.json",
  "figures",
];

/** What every result holds to, whatever came in. */
function expectSound(files: HeldFile[]): void {
  const { runs, problems } = read(files, {});
  expect(runs.length + problems.length).toBeGreaterThan(0);
  const refused = new Set(problems.map((item) => item.file));
  for (const run of runs) {
    expect(run.points.length).toBeGreaterThan(0);
    expect(run.configuration.acceleratorCount).toBeGreaterThanOrEqual(1);
    for (const point of run.points) expect(refused.has(point.file)).toBe(false);
    expect(JSON.stringify(run)).not.toMatch(/:-\d|Infinity|NaN/);
  }
  for (const item of problems) expect(item.message).toMatch(/\S/);
}

describe("reports cut off or damaged anywhere", () => {
  const anyReport = fc.constantFrom(...NAMES.map(fixture));
  const withBytes = (files: HeldFile[], index: number, change: (bytes: Uint8Array) => Uint8Array) =>
    files.map((file, position) => (position === index % files.length ? { ...file, bytes: change(file.bytes) } : file));

  it("are read or refused, never a crash and never silence", () => {
    fc.assert(
      fc.property(anyReport, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (files, index, share) => {
        expectSound(withBytes(files, index, (bytes) => bytes.slice(0, Math.floor(bytes.length * share))));
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(
        anyReport,
        fc.nat(),
        fc.nat(),
        fc.string({ maxLength: 5 }),
        fc.nat(20),
        (files, index, where, text, cut) => {
          const inserted = new TextEncoder().encode(text);
          expectSound(
            withBytes(files, index, (bytes) => {
              const start = where % (bytes.length + 1);
              return new Uint8Array([...bytes.slice(0, start), ...inserted, ...bytes.slice(start + cut)]);
            }),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("with any value in any place are read or refused", () => {
    const odd = fc.oneof(
      fc.constantFrom(null, -1, 0, 1e308, "", "inf", "NaN", [], {}, true, "x".repeat(300)),
      fc.jsonValue({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("inference-perf/v0.1", "vllm-bench-serve/current.json", "vllm-bench-serve/detailed.json"),
        fc.nat(),
        odd,
        (name, where, value) => {
          const parsed: unknown = JSON.parse(new TextDecoder().decode(fixture(name)[0]?.bytes));
          const places: (() => void)[] = [];
          const walk = (node: unknown) => {
            if (typeof node !== "object" || node === null) return;
            for (const key of Object.keys(node)) {
              places.push(() => Object.assign(node, { [key]: value }));
              walk((node as Record<string, unknown>)[key]);
            }
          };
          walk(parsed);
          places[where % places.length]?.();
          expectSound([textFile("stage_0_lifecycle_metrics.json", JSON.stringify(parsed))]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("that are no reports at all are refused", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => expectSound([textFile("a.json", text)])));
    fc.assert(fc.property(fc.json(), (text) => expectSound([textFile("a.json", text)])));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectSound([{ path: "a.yaml", bytes }])));
  });
});
