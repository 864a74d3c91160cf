import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANY_WORKLOAD,
  type AskedWorkload,
  askedWorkloadText,
  nearestWorkloads,
  workloadDifferences,
} from "@/lib/selection/asked-workload";

const of = (dataset: string | null, inputTokens: number | null, outputTokens: number | null) => ({
  workload: { workloadId: `${dataset}-${inputTokens}-${outputTokens}`, dataset, inputTokens, outputTokens },
});
const asked = (given: Partial<AskedWorkload>): AskedWorkload => ({ ...ANY_WORKLOAD, ...given });
const ids = (entries: ReturnType<typeof of>[], given: Partial<AskedWorkload>) =>
  nearestWorkloads(entries, asked(given)).map(({ entry }) => entry.workload.workloadId);

const measured = [
  of("random", 1024, 1024),
  of("random", 8192, 1024),
  of("random", 2048, 256),
  of("shared-prefix", 7200, 1000),
  of("mlperf-openorca", null, null),
  of("mlperf-cnn-offline", 2000, 300),
];

describe("the workload of one's own requests", () => {
  it("is the measured one of these lengths, else the nearest by the ratios of both lengths", () => {
    expect(ids(measured, { inputTokens: 8192, outputTokens: 1024 })[0]).toBe("random-8192-1024");
    // 2,048 ÷ 2,000 × 300 ÷ 256 is nearer than any other.
    expect(ids(measured, { inputTokens: 2000, outputTokens: 300 })[0]).toBe("random-2048-256");
    expect(ids(measured, { inputTokens: 500, outputTokens: 900 })[0]).toBe("random-1024-1024");
  });

  it("is an offline batch only where nothing was served, and one of unknown lengths after those that are stated", () => {
    const order = ids(measured, { inputTokens: 2000, outputTokens: 300 });
    expect(order.slice(-2)).toEqual(["mlperf-openorca-null-null", "mlperf-cnn-offline-2000-300"]);
  });

  it("prefers prompts that share a part where yours do, and says what is not known of it", () => {
    const long = { inputTokens: 8000, outputTokens: 1000 };
    expect(ids(measured, long)[0]).toBe("random-8192-1024");
    expect(ids(measured, { ...long, turns: 4 })[0]).toBe("shared-prefix-7200-1000");
    const [random, shared] = [of("random", 8000, 1000).workload, of("shared-prefix", 8000, 1000).workload];
    expect(workloadDifferences(random, asked({ ...long, cachedInputShare: 0.6, turns: 4 }))).toEqual([
      "prompts that share nothing instead of 60% of the input from cache and 4 turns: yours come to their first token sooner",
    ]);
    expect(workloadDifferences(shared, asked({ ...long, cachedInputShare: 0 }))).toEqual([
      "prompts that share a part, yours share nothing: they come to their first token later",
    ]);
    expect(workloadDifferences(random, asked(long))).toEqual([]);
  });

  it("says how much longer or shorter what was measured is", () => {
    const { workload } = of("random", 1024, 1024);
    expect(workloadDifferences(workload, asked({ inputTokens: 2000, outputTokens: 300 }))).toEqual([
      "prompts of 1,024 instead of 2,000 tokens, 51.2% as long",
      "answers of 1,024 instead of 300 tokens, 3.41 × as long",
    ]);
    expect(workloadDifferences(workload, asked({ inputTokens: 1000, outputTokens: 1000 }))).toEqual([]);
    expect(askedWorkloadText(asked({ inputTokens: 2000, outputTokens: 300, cachedInputShare: 0.5, turns: 1 }))).toBe(
      "2,000 in, 300 out tokens, 50% from cache, 1 turn",
    );
  });

  it("keeps every workload once, and one that differs in nothing comes before all that were served and differ", () => {
    const length = fc.integer({ min: 1, max: 1e5 });
    const anyEntry = fc
      .tuple(fc.constantFrom("random", "shared-prefix", "sharegpt"), fc.option(length), fc.option(length))
      .map(([dataset, input, output]) => of(dataset, input, output));
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 8 }), length, length, (entries, inputTokens, outputTokens) => {
        const given = asked({ inputTokens, outputTokens });
        const exact = of("random", inputTokens, outputTokens);
        const order = nearestWorkloads([...entries, exact], given);
        expect(new Set(order.map(({ entry }) => entry))).toEqual(new Set([...entries, exact]));
        expect(order[0]?.differences).toEqual([]);
      }),
    );
  });
});
