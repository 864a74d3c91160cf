import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRECISION_FLOORS, SPECULATIVE_CHOICES } from "@/lib/selection/curve-filter";
import type { Demand } from "@/lib/selection/demand";
import { GRADES } from "@/lib/selection/grades";
import type { StockItem } from "@/lib/selection/stock";
import { MANIFEST_PARAM_NAMES } from "../../../lib/api/manifest-request";
import { PRICE_KINDS } from "../../../lib/catalogue/catalogue";
import { AXIS_SCALES, THROUGHPUT_AXES } from "../../../lib/frontier/axes";
import {
  EXPLORER_PARAMS,
  type ExplorerQuery,
  parseExplorerQuery,
  serializeExplorerQuery,
  serializeWholeQuery,
} from "../../../lib/params/explorer-params";
import { problemText, rawParams } from "../../../lib/params/param";
import { readShareQuery } from "../../../lib/params/share-query";
import { RANKINGS } from "../../../lib/selection/types";
import { anySlo } from "../frontier/builders";

const parse = (search: string) => parseExplorerQuery(rawParams(new URLSearchParams(search)));

const amount = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const anyDemand: fc.Arbitrary<Demand> = fc.oneof(
  fc.record({ kind: fc.constant("requests" as const), requestsPerSecond: amount }),
  fc.record({ kind: fc.constant("people" as const), people: amount, thinkSeconds: fc.integer({ min: 0, max: 600 }) }),
  fc.record({
    kind: fc.constant("requestsPerDay" as const),
    requestsPerDay: amount,
    peakFactor: fc.double({ min: 1, max: 100, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("tokensPerDay" as const),
    tokensPerDay: amount,
    peakFactor: fc.double({ min: 1, max: 100, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("day" as const),
    requestsPerSecondByHour: fc.array(amount, { minLength: 24, maxLength: 24 }),
  }),
);
const anyStockItem: fc.Arbitrary<StockItem> = fc
  .record({
    accelerator: fc.constantFrom("h100-sxm-80gb", "l4-24gb", "tpu-v6e"),
    machines: fc.integer({ min: 1, max: 99 }),
    perMachine: fc.option(fc.constantFrom(1, 4, 8)),
  })
  .map(({ accelerator, machines, perMachine }) => ({ accelerator, count: machines * (perMachine ?? 1), perMachine }));

const anyText = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });

const anyQuery: fc.Arbitrary<ExplorerQuery> = fc.record({
  model: fc.option(anyText),
  workload: fc.option(anyText),
  askedWorkload: fc.option(
    fc
      .record({
        lengths: fc.option(fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }))),
        cachedInputShare: fc.option(fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)),
        turns: fc.integer({ min: 1, max: 100 }),
      })
      .map(({ lengths, ...rest }) => ({
        inputTokens: lengths?.[0] ?? null,
        outputTokens: lengths?.[1] ?? null,
        ...rest,
      })),
  ),
  slos: fc.option(fc.array(anySlo(), { maxLength: 4 })),
  question: fc.record({
    demand: fc.option(anyDemand),
    stock: fc.array(anyStockItem, { maxLength: 4 }),
    buyBeyondStock: fc.boolean(),
    requests: fc.record({
      maxFailedShare: fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000),
      minGoodputShare: fc.option(fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)),
    }),
    only: fc.record({
      precisionFloor: fc.option(fc.constantFrom(...PRECISION_FLOORS)),
      servers: fc.uniqueArray(fc.constantFrom("vllm", "sglang", "unknown"), { maxLength: 3 }),
      speculative: fc.constantFrom(...SPECULATIVE_CHOICES),
      newestVersionOnly: fc.boolean(),
      sources: fc.uniqueArray(fc.constantFrom("lab", "a b", "x&y"), { maxLength: 3 }),
      measuredSince: fc.option(fc.constantFrom("2026-01-01", "2025-12-31")),
      grades: fc.uniqueArray(fc.constantFrom(...GRADES)),
    }),
    estimates: fc.boolean(),
    headroom: fc.integer({ min: 0, max: 90 }).map((percent) => percent / 100),
    price: fc.record({
      provider: fc.option(anyText),
      region: fc.option(anyText),
      kind: fc.constantFrom(...PRICE_KINDS),
      ownUsdPerAcceleratorHour: fc.option(fc.double({ min: 0.01, max: 99, noNaN: true })),
      ownByAccelerator: fc.array(
        fc.record({
          accelerator: fc.constantFrom("h100-sxm-80gb", "l4-24gb"),
          usdPerHour: amount.map((usd) => usd / 100),
        }),
        { maxLength: 2 },
      ),
      discounts: fc.array(
        fc.record({ provider: fc.constantFrom(null, "aws", "a:b"), percent: fc.integer({ min: 0, max: 99 }) }),
        { maxLength: 2 },
      ),
    }),
    tokenPrices: fc.record({
      outputPerInput: fc.double({ min: 0.1, max: 100, noNaN: true }),
      cachedPerInput: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    }),
    currency: fc.constantFrom({ code: "USD", perUsd: 1 }, { code: "EUR", perUsd: 0.92 }),
    rankBy: fc.constantFrom(...RANKINGS),
    measuredOnly: fc.boolean(),
    includeOutliers: fc.boolean(),
    kneeShare: fc.constantFrom(0.9, 0.95, 1),
  }),
  axes: fc.record({
    throughput: fc.constantFrom(...THROUGHPUT_AXES),
    latency: fc.option(fc.constant({ metric: "itl" as const, statistic: "p99" as const })),
    scale: fc.constantFrom(...AXIS_SCALES),
  }),
  showAll: fc.boolean(),
  highlight: fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,40}$/), { maxLength: 4 }),
  compare: fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,40}$/), { maxLength: 8 }),
  revision: fc.option(fc.integer({ min: 1, max: 9999 })),
});

describe("the address of a view", () => {
  it("says the whole view: reading what was written gives the same view", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const { query: read, problems } = parse(serializeExplorerQuery(query));
        expect(problems).toEqual([]);
        expect(read).toEqual(query);
      }),
    );
  });

  it("is empty for the first page, and the same for equal views", () => {
    const { query } = parse("");
    expect(serializeExplorerQuery(query)).toBe("");
    const written = serializeExplorerQuery(parse("qps=12&model=a/b&slo=tpot:p95:50&slo=ttft:p95:500").query);
    expect(written).toBe("model=a/b&slo=tpot:p95:50&slo=ttft:p95:500&qps=12");
    expect(serializeExplorerQuery(parse(written).query)).toBe(written);
  });

  it("takes targets repeated or in a list, and tells none asked from none said", () => {
    expect(parse("slo=ttft:p95:500,tpot:p95:50").query.slos).toEqual(
      parse("slo=ttft:p95:500&slo=tpot:p95:50").query.slos,
    );
    expect(parse("slo=none").query.slos).toEqual([]);
    expect(parse("").query.slos).toBeNull();
  });

  it("names each part it does not understand and keeps the default for it", () => {
    const { query, problems } = parse("slo=ttft:p77:5&qps=-1&price=free&y=tpot&x=mile&rev=0&headroom=200&usd=0");
    expect(problems.map((problem) => problem.parameter).sort()).toEqual(
      ["headroom", "price", "qps", "rev", "slo", "usd", "x", "y"].sort(),
    );
    expect(query).toEqual({ ...parse("").query, slos: [] });
  });

  it("says one value of what can be one only: of two, neither is taken", () => {
    const { query, problems } = parse("model=a&model=b&qps=1&qps=2&provider=&provider=p");
    expect(query).toEqual(parse("provider=p").query);
    expect(problems.map(problemText)).toEqual([
      "The link says model=a&model=b, expected one value: left out.",
      "The link says qps=1&qps=2, expected one value: left out.",
    ]);
  });

  it("brings no control character into a page, neither as a value nor in what is said of it", () => {
    const { query, problems } = parse("slo=ttft:p95:500&slo=%00&model=a%1Bb&highlight=%7F&region=a%0Ab");
    expect(query).toEqual(parse("region=a%0Ab").query);
    expect(problems.map(problemText)).toEqual([
      "The link says model=a\uFFFDb, expected a text without control characters: left out.",
      "The link says slo=\uFFFD, expected a text without control characters: left out.",
      "The link says highlight=\uFFFD, expected a text without control characters: left out.",
    ]);
  });

  it("never throws, whatever the address says", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("slo", "qps", "y", "x", "rev", "model", "usd"), fc.string()), (raw) => {
        expect(() => parseExplorerQuery(raw)).not.toThrow();
      }),
    );
  });
});

describe("the question of a share link", () => {
  const hasDefault = Object.values(EXPLORER_PARAMS).filter((param) => {
    const otherwise: unknown = param.read([], () => {});
    return otherwise !== null && !Array.isArray(otherwise);
  });

  it("names every parameter that has a default, so that later defaults change nothing", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const whole = new URLSearchParams(serializeWholeQuery(query));
        expect(hasDefault.filter(({ name }) => !whole.has(name)).map(({ name }) => name)).toEqual([]);
      }),
    );
  });

  it("is read as it was asked", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        expect(parse(serializeWholeQuery(query)).query).toEqual(query);
        expect(readShareQuery(serializeWholeQuery(query))).toEqual(query);
      }),
    );
  });

  it("asks what it asked when it was stored with its defaults left out", () => {
    // Links people have: whatever a release takes for its defaults, these asked exactly this.
    expect(serializeWholeQuery(readShareQuery("model=openai/gpt-oss-120b"))).toBe(
      "model=openai/gpt-oss-120b&buy=0&headroom=20&price=on_demand&ratio=4&cached-price=10&currency=USD:1&rank=cost&failed=100&speculative=any&newest=0&measured=0&outliers=0&estimates=1&knee=0.95&x=accelerator&scale=auto&all=0",
    );
  });
});

describe("an address of manifests", () => {
  it("has a name for one thing: what holds the weights is not a source of figures", () => {
    const names = MANIFEST_PARAM_NAMES;
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
