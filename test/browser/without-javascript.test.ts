import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, WIDE } from "./browser";
import { iq } from "./command-line";
import { ExplorerPage } from "./explorer-page";
import { manifestText, question } from "./manifest-page";

const pages = browserPages();
const QUESTION =
  "model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000&slo=ttft:mean:2000&slo=tpot:mean:50";
const QUIET = { javaScriptEnabled: false };

/** Texts of the one picture of the chart that is seen. */
function chartTexts(page: ExplorerPage): Promise<string[]> {
  return page.chart().locator("svg:visible text").allTextContents();
}

describe("without JavaScript", () => {
  it.each([
    ["wide", WIDE],
    ["narrow", NARROW],
  ])("the first page has its answer, chart and ranking (%s)", async (_name, viewport) => {
    const live = await new ExplorerPage(await pages.open(`/?${QUESTION}`, { viewport })).ready();
    const quiet = new ExplorerPage(await pages.open(`/?${QUESTION}`, { ...QUIET, viewport }));
    expect(await quiet.answer()).toBe(await live.answer());
    expect(await quiet.answer()).toContain("per million output tokens");
    expect(await quiet.notes()).toBe(await live.notes());
    expect(await quiet.ranking()).toEqual(await live.ranking());

    const pictures = quiet.chart().getByRole("img", { name: /^Frontiers of / });
    expect(await pictures.count(), "one picture is seen, the other hidden").toBe(1);
    const marks = pictures.locator("[data-point]");
    const drawn = await marks.evaluateAll((items) => items.map((item) => item.getAttribute("data-point")));
    expect(drawn.sort()).toEqual(await live.drawnPoints());
    const texts = await chartTexts(quiet);
    const ticks = texts.filter((text) => /^[\d,.]+$/.test(text));
    expect(ticks.length).toBeGreaterThan(6);
    expect(texts).toContainEqual(expect.stringMatching(/^TTFT mean, ms/));
    expect(texts).toContainEqual(expect.stringMatching(/^output tokens\/s per accelerator/));
    expect(texts).toContainEqual(expect.stringContaining("≤ 2 s"));
    expect(texts).toContain("H100 SXM");
    const liveTicks = (await chartTexts(live)).filter((text) => /^[\d,.]+$/.test(text));
    expect(ticks.sort()).toEqual(liveTicks.sort());
  });

  it("the configuration page has its outcome, curve, load points, sources and manifest", async () => {
    const explorer = new ExplorerPage(await pages.open(`/?${QUESTION}`, QUIET));
    const [configurationId = ""] = await explorer.ranking();
    await explorer.page.getByRole("link", { name: "Get manifests" }).click();
    const { page } = explorer;
    await page.waitForURL(/\/configurations\//);
    expect(await seenText(page.locator("[data-outcome]"))).toContain("per million output tokens");
    expect(
      await page
        .getByRole("img", { name: /^Load curve/ })
        .locator("[data-point]")
        .count(),
    ).toBeGreaterThan(2);
    const points = page.getByRole("region", { name: /^Load points of run/ }).first();
    expect(await points.getByRole("row").count()).toBeGreaterThan(2);
    await page.getByText("Original report").first().waitFor();
    const printed = await iq([
      ...["manifests", "create", "--configuration", configurationId, "--workload", "random-10000-1000"],
      ...["--slo", "ttft:mean:2000", "--slo", "tpot:mean:50"],
    ]);
    expect(await manifestText(page)).toBe(printed.stdout);
  });

  it("the questions about the cluster are a form with a button, and what is folded can be unfolded", async () => {
    const explorer = new ExplorerPage(await pages.open(`/?${QUESTION}`, QUIET));
    const [configurationId = ""] = await explorer.ranking();
    await explorer.page.getByRole("link", { name: "Get manifests" }).click();
    const { page } = explorer;
    await question(page, "Platform").selectOption("eks");
    await question(page, "Autoscaler").selectOption("keda");
    await question(page, "Benchmark Job").check();
    await question(page, "Namespace").fill("serving");
    await page.getByRole("button", { name: "Show this manifest" }).click();
    await page.waitForURL(/platform=eks/);
    const printed = await iq([
      ...["manifests", "create", "--configuration", configurationId, "--workload", "random-10000-1000"],
      ...["--slo", "ttft:mean:2000", "--slo", "tpot:mean:50", "--platform", "eks", "--autoscaler", "keda"],
      ...["--benchmark-job", "--namespace", "serving"],
    ]);
    expect(printed.status, printed.stderr).toBe(0);
    expect(await manifestText(page)).toBe(printed.stdout);
    expect(await question(page, "Platform").inputValue()).toBe("eks");
    expect(await question(page, "Benchmark Job").isChecked()).toBe(true);
    const scaled = page.locator('[data-object="ScaledObject"]');
    await scaled.locator("summary").click();
    expect(await seenText(scaled.locator("[data-yaml]"))).toContain("kind: ScaledObject");
  });
});
