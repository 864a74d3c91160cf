import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/handle";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { type Comparison, changeText, figureRows, isBetter } from "../../../lib/explorer/comparison";
import { comparisonMarkdown } from "../../../lib/explorer/comparison-markdown";
import { markdownCell } from "../../../lib/explorer/markdown";
import { comparePath, parseCompareQuery, withMoved, withToggled } from "../../../lib/params/compare-params";
import { rawParams } from "../../../lib/params/param";
import { getComparison } from "../../../server/pages/get-comparison";
import { getExplorerData } from "../../../server/pages/get-explorer-data";
import { seededDatabase } from "../db/small-data";

const parse = (search: string) => parseCompareQuery(rawParams(new URLSearchParams(search)));

async function comparison(db: Database, search: string): Promise<Comparison> {
  return getComparison(db, await getCurrentRevision(db), parse(search));
}

async function someIds(db: Database): Promise<string[]> {
  const data = await getExplorerData(db, parse("").query, await getCurrentRevision(db));
  return [...new Set(data.runs.configurations.map(({ configurationId }) => configurationId))];
}

describe("configurations side by side", () => {
  it("are answered each by itself under one question, and held against the first or the one named", async () => {
    const db = await seededDatabase();
    const [first = "", second = ""] = await someIds(db);
    const shown = await comparison(db, `compare=${first},${second}&slo=ttft:p50:500`);
    expect(shown.choices.map(({ letter, configuration }) => [letter, configuration.configurationId])).toEqual([
      ["A", first],
      ["B", second],
    ]);
    const rows = figureRows(shown);
    const perReplica = rows.find(({ name }) => name === "Output tokens/s a replica");
    const [a, b] = shown.choices.map(({ outcome }) =>
      outcome.ok ? outcome.value.operatingPoint.outputTokensPerSecond : Number.NaN,
    );
    expect(perReplica?.cells[0]?.change).toBeNull();
    expect(perReplica?.cells[1]?.change).toBeCloseTo((b ?? Number.NaN) / (a ?? Number.NaN) - 1, 12);

    const other = figureRows(await comparison(db, `compare=${first},${second}&slo=ttft:p50:500&base=${second}`));
    const turned = other.find(({ name }) => name === "Output tokens/s a replica");
    expect(turned?.cells[1]?.change).toBeNull();
    expect(turned?.cells[0]?.change).toBeCloseTo((a ?? Number.NaN) / (b ?? Number.NaN) - 1, 12);
  });

  it("mark every fact that differs, and only those", async () => {
    const db = await seededDatabase();
    const ids = await someIds(db);
    const { facts, choices } = await comparison(db, `compare=${ids.join(",")}`);
    for (const { fact, setting, states, differs } of facts) {
      expect(differs, `${fact} ${setting}`).toBe(new Set(states.map((state) => JSON.stringify(state))).size > 1);
      expect(states).toHaveLength(choices.length);
    }
    const same = await comparison(db, `compare=${ids[0]}`);
    expect(same.facts.filter(({ differs }) => differs)).toEqual([]);
  });

  it("leave out ids that are no configuration, and say so", async () => {
    const db = await seededDatabase();
    const [first = ""] = await someIds(db);
    const shown = await comparison(db, `compare=${first},no-such-thing`);
    expect(shown.choices).toHaveLength(1);
    expect(shown.problems).toEqual([expect.stringContaining("no configuration no-such-thing")]);
    const none = await comparison(db, "");
    expect(none.choices).toEqual([]);
    expect(comparisonMarkdown(none)).toBe("");
  });

  it("keep their figures, their question and what differs in Markdown", async () => {
    const db = await seededDatabase();
    const [first = "", second = ""] = await someIds(db);
    const shown = await comparison(db, `compare=${first},${second}&slo=ttft:p50:500&qps=2`);
    const text = comparisonMarkdown(shown);
    expect(text).toContain("TTFT p50 ≤ 500 ms");
    expect(text).toContain("2 req/s");
    for (const { name, cells } of figureRows(shown)) {
      expect(text).toContain(`| ${name} |`);
      expect(text).toContain(markdownCell(cells[0]?.text ?? ""));
    }
    expect(text).toMatch(/Dataset revision \d+: $/);
  });
});

describe("the address of a comparison", () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,20}$/), { minLength: 2, maxLength: 8 });

  it("says the choices in their order, and the baseline", () => {
    fc.assert(
      fc.property(ids, fc.nat(7), (compare, place) => {
        const baseline = compare[place % compare.length] ?? null;
        const path = comparePath({ query: { ...parse("").query, compare }, baseline });
        const read = parse(path.split("?")[1] ?? "");
        expect(read.query.compare).toEqual(compare);
        // The first is the baseline anyway.
        expect(read.baseline ?? compare[0]).toBe(baseline);
        expect(read.problems).toEqual([]);
      }),
    );
  });

  it("loses none when one is moved, and has one more or less when one is toggled", () => {
    fc.assert(
      fc.property(ids, fc.nat(7), fc.constantFrom(-1, 1), (list, place, by) => {
        const id = list[place % list.length] ?? "";
        const moved = withMoved(list, id, by);
        expect([...moved].sort()).toEqual([...list].sort());
        const to = list.indexOf(id) + by;
        expect(moved.indexOf(id)).toBe(to < 0 || to >= list.length ? list.indexOf(id) : to);
        expect(withToggled(withToggled(list, id), id).sort()).toEqual([...list].sort());
        expect(withToggled(list, "new!")).toEqual([...list, "new!"]);
      }),
    );
  });

  it("takes eight at most, and says which are too many", () => {
    const many = Array.from({ length: 9 }, (_, index) => `c${index}`);
    const { query, problems } = parse(`compare=${many.join(",")}`);
    expect(query.compare).toEqual(many.slice(0, 8));
    expect(problems).toMatchObject([{ parameter: "compare", value: "c8" }]);
  });
});

describe("how much more or less", () => {
  it("is a share of the baseline with its sign, and better or worse by what is compared", () => {
    expect([0.12, -0.084, 2.594, 0.0001, -0.0004].map(changeText)).toEqual(["+12%", "−8.4%", "+259%", "same", "same"]);
    expect(isBetter(-0.1, "less")).toBe(true);
    expect(isBetter(-0.1, "more")).toBe(false);
    expect(isBetter(0.0001, "less")).toBeNull();
    expect(isBetter(0.5, null)).toBeNull();
  });
});

describe("a cell of a Markdown table", () => {
  it("shows what comes from reports as it is", () => {
    expect(markdownCell("a|b\n<img src=x> [x](javascript:1) `c` *d*")).toBe(
      "a\\|b \\<img src=x\\> \\[x\\](javascript:1) \\`c\\` \\*d\\*",
    );
  });
});
