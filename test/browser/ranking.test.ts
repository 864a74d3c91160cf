import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon, WIDE } from "./browser";
import { iqRank } from "./command-line";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();

/** A question with derived figures and outliers, for the command line and as a link. */
const asked = [
  ...["--model", "openai/gpt-oss-120b", "--workload", "random-1024-1024"],
  ...["--slo", "ttft:mean:500", "--slo", "tpot:mean:20"],
];
const path = "/?model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:500&slo=tpot:mean:20&all=1";

async function explorer(path: string): Promise<ExplorerPage> {
  return new ExplorerPage(await pages.open(path)).ready();
}

describe("near misses", () => {
  it("stand in for the answer when nothing meets the targets; the offered target gives one", async () => {
    const model = ["--model", "openai/gpt-oss-120b", "--workload", "random-1024-1024"];
    const rank = await iqRank([...model, "--slo", "ttft:mean:20"]);
    expect(rank.ranked).toEqual([]);
    const page = await explorer("/?model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:20");
    expect(await page.answer()).toBe("No measured configuration serves it at TTFT mean ≤ 20 ms.");
    await page.page.getByRole("button", { name: "Use that target" }).click();
    await soon(() => page.answer()).toContain("serves it");
    await soon(() => page.query().getAll("slo")).not.toEqual(["ttft:mean:20"]);
    const [, , limit] = page.query().getAll("slo")[0]?.split(":") ?? [];
    const relaxed = await iqRank([...model, "--slo", `ttft:mean:${limit}`]);
    expect(relaxed.ranked.map((row) => row.configurationId)).toEqual([rank.nearMisses[0]?.configurationId]);
    expect(await page.ranking()).toEqual([rank.nearMisses[0]?.configurationId]);
  });

  it("are listed beside an answer, each with the smallest relaxation that ranks it", async () => {
    const rank = await iqRank(["--model", "Qwen/Qwen3-32B", "--workload", "random-1024-128", "--slo", "ttft:mean:500"]);
    const nearest = rank.nearMisses[0]?.configurationId ?? "";
    const page = await explorer("/?model=Qwen/Qwen3-32B&workload=random-1024-128&slo=ttft:mean:500&all=1");
    expect(await page.ranking()).not.toContain(nearest);
    const misses = page.page.locator("[data-near-misses]");
    expect(await seenText(misses.locator("summary"))).toContain(`${rank.nearMisses.length} near misses`);
    await misses.locator("summary").click();
    expect(await misses.getByRole("listitem").count()).toBe(rank.nearMisses.length);
    const first = misses.getByRole("listitem").first();
    expect(await seenText(first)).toMatch(/TTFT mean .+ at best, limit 500 ms/);
    expect(await first.getByRole("link").getAttribute("href")).toContain(nearest);
    await first.getByRole("button", { name: /would admit it$/ }).click();
    await soon(() => page.ranking()).toContain(nearest);
    await soon(() => Number(page.query().getAll("slo")[0]?.split(":")[2])).toBeGreaterThan(500);
  });
});

describe("what cannot be compared", () => {
  it("is listed apart with the reason, all of it on demand", async () => {
    const rank = await iqRank([
      ...["--model", "deepseek-ai/DeepSeek-R1-0528", "--workload", "random-1024-1024"],
      ...["--slo", "itl:mean:3000"],
    ]);
    expect(rank.notComparable.length).toBeGreaterThan(20);
    const page = await explorer("/?model=deepseek-ai/DeepSeek-R1-0528&workload=random-1024-1024&slo=itl:mean:3000");
    const apart = page.page.locator("[data-not-comparable]");
    expect(await seenText(apart.locator("summary"))).toContain(`${rank.notComparable.length} not comparable`);
    await apart.locator("summary").click();
    expect(await seenText(apart)).toContain(rank.notComparable[0]?.reason);
    await apart.getByRole("button", { name: `Show all ${rank.notComparable.length}` }).click();
    await soon(() => apart.getByRole("listitem").count()).toBe(rank.notComparable.length);
    const listed = await apart
      .getByRole("link")
      .evaluateAll((links) =>
        links.map((link) => /configurations\/([^?]+)/.exec(link.getAttribute("href") ?? "")?.[1]),
      );
    const ranked = await page.ranking();
    const elsewhere = rank.ranked.map((row) => row.configurationId);
    expect(ranked).toEqual(elsewhere);
    expect(listed).toEqual(rank.notComparable.map((row) => row.configurationId));
  });
});

describe("what takes part", () => {
  it("can be measured throughput alone: nothing derived is left in answer, table and chart", async () => {
    const [page, rank] = await Promise.all([explorer(path), iqRank([...asked, "--measured-only"])]);
    const table = page.page.locator('[data-table="ranking"]');
    const before = await page.answer();
    expect(before).toContain("(derived)");
    const drawn = await page.drawnPoints();
    await page.page.getByRole("checkbox", { name: "Measured throughput only" }).check();
    expect(await page.answerOtherThan(before)).not.toContain("derived");
    await soon(() => page.query().get("measured")).toBe("1");
    expect(await page.ranking()).toEqual(rank.ranked.map((row) => row.configurationId));
    expect(await table.locator("td").allInnerTexts()).not.toContainEqual(expect.stringContaining("derived"));
    expect(await page.drawnPoints()).not.toEqual(drawn);
    await page.openChartTable();
    expect(await seenText(page.chartTable().locator("tbody"))).not.toContain("derived");

    await page.page.getByRole("checkbox", { name: "Measured throughput only" }).uncheck();
    await soon(() => page.answer()).toBe(before);
    await soon(() => page.query().has("measured")).toBe(false);
  });

  it("leaves outliers out of chart and ranking until they are asked for", async () => {
    // Two of its shipped points contradict others.
    const withOutliers = ["--model", "Qwen/Qwen3-32B", "--workload", "random-2000-500", "--slo", "ttft:mean:2000"];
    const [page, rankWithout, rankWith] = await Promise.all([
      explorer("/?model=Qwen/Qwen3-32B&workload=random-2000-500&slo=ttft:mean:2000&all=1"),
      iqRank(withOutliers),
      iqRank([...withOutliers, "--include-outliers"]),
    ]);
    const table = await page.openChartTable();
    await table.getByRole("checkbox", { name: /off the frontiers/ }).check();
    const without = await page.tablePoints();
    const outliers = page.page.getByRole("checkbox", { name: "With outliers" });
    await outliers.check();
    await soon(async () => (await page.tablePoints()).length).toBeGreaterThan(without.length);
    await soon(() => page.query().get("outliers")).toBe("1");
    expect(await page.tablePoints()).toEqual(expect.arrayContaining(without));
    expect(await page.ranking()).toEqual(rankWith.ranked.map((row) => row.configurationId));
    await outliers.uncheck();
    await soon(() => page.tablePoints()).toEqual(without);
    expect(await page.ranking()).toEqual(rankWithout.ranked.map((row) => row.configurationId));
  });
});

describe("the order of the ranking", () => {
  it("can be cost, throughput per accelerator, fewest accelerators or latency", async () => {
    const orders = [
      ["Most tokens/s per accelerator", "throughput-per-accelerator"],
      ["Fewest accelerators", "fewest-accelerators"],
      ["Lowest latency", "latency"],
      ["Cheapest", "cost"],
    ] as const;
    const [page, ...ranks] = await Promise.all([
      explorer(path),
      ...orders.map(([, order]) => iqRank([...asked, "--rank-by", order])),
    ]);
    for (const [index, [label]] of orders.entries()) {
      await page.page.getByLabel(/^Rank by/).selectOption({ label });
      const ids = ranks[index]?.ranked.map((row) => row.configurationId);
      await soon(() => page.ranking(), label).toEqual(ids);
    }
  });

  it("shows the best of each accelerator first, every configuration on demand", async () => {
    const [rank, page] = await Promise.all([
      iqRank(["--model", "openai/gpt-oss-120b", "--slo", "ttft:mean:500"]),
      explorer("/?model=openai/gpt-oss-120b&slo=ttft:mean:500"),
    ]);
    const accelerators = new Set<string>();
    const best = rank.ranked.filter((row) => !accelerators.has(row.accelerator) && accelerators.add(row.accelerator));
    expect(await page.ranking()).toEqual(best.map((row) => row.configurationId));
    await page.page.getByRole("button", { name: `All ${rank.ranked.length} configurations` }).click();
    await soon(() => page.ranking()).toEqual(rank.ranked.map((row) => row.configurationId));
    await soon(() => page.query().get("all")).toBe("1");
  });
});

describe("terms above the columns", () => {
  /** What stands beside a term where it is explained; `null` = nothing. */
  const shown = (term: Locator) =>
    term.evaluate((element) => {
      const { display, content } = getComputedStyle(element, "::after");
      return display === "none" ? null : content.slice(1, -1);
    });

  it("say what they mean on hover, focus and tap, inside the page at any width", async () => {
    for (const viewport of [WIDE, NARROW]) {
      const page = await pages.open(`${path}&qps=3`, { viewport });
      const headings = page.locator('[data-table="ranking"] thead');
      // Not by its name: that has the meaning in it while it is shown.
      const term = (text: string) => headings.locator(".term", { hasText: text });
      const month = term("$ / month");
      const meaning = "what the machines of the plan cost in a month of 730 hours";
      expect(await shown(month)).toBeNull();
      await month.hover();
      expect(await shown(month)).toBe(meaning);
      await page.mouse.move(0, 0);
      expect(await shown(month)).toBeNull();
      await month.focus();
      expect(await shown(month)).toBe(meaning);
      const width = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0);
      // A tap gives the focus.
      await term("TTFT").click();
      expect(await shown(month)).toBeNull();
      expect(await shown(term("TTFT"))).toBe("time to first token");
    }
  });

  it("are each explained once, where they stand first", async () => {
    const page = await explorer(`${path}&qps=3`);
    const headings = page.page.locator('[data-table="ranking"] thead');
    expect(await headings.getByRole("button").allInnerTexts()).toEqual([
      ...["$ / M out", "tok/s", "TTFT", "TPOT", "$ / month"],
    ]);
  });
});
