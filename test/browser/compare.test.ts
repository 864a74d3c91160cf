import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon, WIDE } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { findings, openAllFolds, overflow } from "./findings";

const pages = browserPages();
const QUESTION = "/?model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:2000&slo=tpot:mean:50&qps=20";

/** Ids of the first rows of the ranking. */
async function firstRows(count: number): Promise<string[]> {
  const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
  return (await explorer.ranking()).slice(0, count);
}

describe("choices side by side", () => {
  it("are added from rows by button and by key, kept while the model changes, and opened", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const [first = "", second = ""] = await explorer.ranking();
    await page.locator(`tr[data-configuration="${first}"] .compare-toggle`).click();
    await page.locator(`tr[data-configuration="${second}"] a`).first().focus();
    await page.keyboard.press("c");
    await soon(() => explorer.query().getAll("compare")).toEqual([first, second]);
    await page.keyboard.press("c");
    await soon(() => explorer.query().getAll("compare")).toEqual([first]);
    await page.keyboard.press("c");
    await soon(() => seenText(page.locator("[data-compare-tray]"))).toContain("2 configurations to compare");

    await explorer.chooseModel("llama 3.1 70b", "Llama-3.1-70B-Instruct");
    const [third = ""] = await explorer.ranking();
    await page.locator(`tr[data-configuration="${third}"] .compare-toggle`).click();
    await page.getByRole("link", { name: "Side by side" }).click();
    await page.waitForURL(/\/compare\?/);
    const heads = page.locator("[data-choice]");
    expect(await heads.evaluateAll((all) => all.map((head) => head.getAttribute("data-choice")))).toEqual([
      first,
      second,
      third,
    ]);
    expect(await seenText(page.locator("main"))).toContain("20 req/s");
  });

  it("are reordered, held against another, and removed, all in the address", async () => {
    const [first = "", second = "", third = ""] = await firstRows(3);
    const page = await pages.open(
      `/compare?compare=${first},${second},${third}&slo=ttft:mean:2000&slo=tpot:mean:50&qps=20`,
    );
    const bill = page.locator('[data-figure="USD a month"] td');
    expect(await seenText(bill.nth(0))).not.toContain("%");
    expect(await seenText(bill.nth(1))).toMatch(/%|same/);
    await page.getByRole("link", { name: /^Make baseline: B/ }).click();
    await soon(() => new URL(page.url()).searchParams.get("base")).toBe(second);
    await soon(() => seenText(bill.nth(1))).not.toContain("%");
    await page.getByRole("link", { name: /^Move A .* to the right/ }).click();
    await soon(() => new URL(page.url()).searchParams.getAll("compare")).toEqual([second, first, third]);
    await page.getByRole("link", { name: /^Remove C/ }).click();
    await soon(() => new URL(page.url()).searchParams.getAll("compare")).toEqual([second, first]);
    await page.goBack();
    await soon(() => page.locator("[data-choice]").count()).toBe(3);
  });

  it("can be read without JavaScript: figures, curves, what differs, manifests, Markdown", async () => {
    const [first = "", , third = ""] = await firstRows(3);
    const page = await pages.open(`/compare?compare=${first},${third}&slo=ttft:mean:2000&qps=20`, {
      javaScriptEnabled: false,
    });
    expect(await seenText(page.locator('[data-fact="accelerator"]'))).toContain("≠");
    const picture = page.locator("[data-chart]").getByRole("img", { name: /^Load curves of A / });
    expect(await picture.locator("[data-series]").count()).toBe(2);
    await page.locator('details[data-manifest="compared"] summary').first().click();
    expect(await page.locator(".diff-added").count()).toBeGreaterThan(0);
    await page.locator("details[data-markdown] summary").click();
    const markdown = await page.getByRole("textbox", { name: "The Markdown" }).inputValue();
    expect(markdown).toContain("| USD a month |");
    expect(markdown).toMatch(/\/compare\?.*rev=\d+\s*$/);
  });

  it("say where one was measured under another workload, and where one is not there", async () => {
    const [first = ""] = await firstRows(1);
    const other = await new ExplorerPage(
      await pages.open("/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000"),
    ).ready();
    const [llama = ""] = await other.ranking();
    const page = await pages.open(`/compare?compare=${first},${llama},nothing-of-that-name&workload=random-1024-1024`);
    expect(await seenText(page.locator('[data-notice="problem"]'))).toContain("nothing-of-that-name");
    expect(await page.locator("[data-choice]").count()).toBe(2);
  });

  it.each([
    ["wide", WIDE],
    ["narrow", NARROW],
  ])("fit the screen and have nothing axe would find (%s)", async (_name, viewport) => {
    const ids = await firstRows(3);
    const page = await pages.open(`/compare?compare=${ids.join(",")}&slo=ttft:mean:2000&qps=20`, { viewport });
    await page.locator('[data-chart="live"]').waitFor();
    expect(await overflow(page)).toEqual({ px: 0, by: [] });
    await openAllFolds(page);
    expect(await findings(page, "comparison")).toEqual([]);
    const empty = await pages.open("/compare", { viewport });
    expect(await seenText(empty.getByRole("heading", { level: 1 }))).toBe("Nothing to compare yet");
    expect(await findings(empty, "nothing to compare")).toEqual([]);
  });
});
