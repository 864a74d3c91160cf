import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPages, COLOUR_SCHEMES, NARROW, WIDE } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { overflow } from "./findings";

const pages = browserPages();
/** Where the chart must begin so that it is seen without scrolling, px. */
const WIDE_CHART_TOP_PX = 450;
const NARROW_CHART_TOP_PX = 700;
/** Chrome's own limit of a good page is 0.1. */
const MOST_LAYOUT_SHIFT = 0.02;
/** Rounding of device pixels. */
const SUBPIXEL_PX = 0.5;

const LONG_NAMES =
  "/?model=deepseek-ai/DeepSeek-R1-0528&workload=random-1024-1024&slo=ttft:p99:3000&slo=tpot:p99:30&qps=40";

async function chartBox(page: Page) {
  const box = await page.locator("[data-chart]").boundingBox();
  if (box === null) throw new Error("there is no chart");
  return box;
}

/** Each tick of the chart that is seen: what it says and where its label stands, px. */
function tickLabels(page: Page): Promise<{ text: string; x: number; y: number }[]> {
  return page.locator("[data-chart] [data-tick] text:visible").evaluateAll((labels) =>
    labels.map((label) => {
      const box = label.getBoundingClientRect();
      return { text: label.textContent ?? "", x: box.x, y: box.y };
    }),
  );
}

describe("the chart", () => {
  it.each([
    [WIDE, WIDE_CHART_TOP_PX],
    [NARROW, NARROW_CHART_TOP_PX],
  ])("begins on the first screen, light and dark: %o", async (viewport, limit) => {
    for (const path of ["/", LONG_NAMES]) {
      const { page } = await new ExplorerPage(await pages.open(path, { viewport })).ready();
      for (const colorScheme of COLOUR_SCHEMES) {
        await page.emulateMedia({ colorScheme });
        expect((await chartBox(page)).y, `${path}, ${colorScheme}`).toBeLessThanOrEqual(limit);
      }
    }
  });

  it.each([WIDE, NARROW])("takes the picture's place without moving anything at $width×$height", async (viewport) => {
    const quiet = await pages.open("/", { viewport, javaScriptEnabled: false });
    const before = await chartBox(quiet);
    const pictureTicks = await tickLabels(quiet);
    const page = await new ExplorerPage(
      await pages.open("/", {
        viewport,
        initScript: () => {
          const seen = { total: 0 };
          Object.assign(window, { seenShift: seen });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              if ("value" in entry && typeof entry.value === "number") seen.total += entry.value;
            }
          }).observe({ type: "layout-shift", buffered: true });
        },
      }),
    ).ready();
    const after = await chartBox(page.page);
    for (const side of ["x", "y", "width", "height"] as const) {
      expect(Math.abs(after[side] - before[side]), side).toBeLessThanOrEqual(SUBPIXEL_PX);
    }
    const liveTicks = await tickLabels(page.page);
    const byText = (a: { text: string; x: number }, b: { text: string; x: number }) =>
      a.text.localeCompare(b.text) || a.x - b.x;
    expect(pictureTicks.length).toBeGreaterThan(6);
    expect(liveTicks.map((tick) => tick.text).sort()).toEqual(pictureTicks.map((tick) => tick.text).sort());
    const picture = pictureTicks.sort(byText);
    for (const [index, tick] of liveTicks.sort(byText).entries()) {
      expect(Math.abs(tick.x - (picture[index]?.x ?? 0)), tick.text).toBeLessThanOrEqual(SUBPIXEL_PX);
      expect(Math.abs(tick.y - (picture[index]?.y ?? 0)), tick.text).toBeLessThanOrEqual(SUBPIXEL_PX);
    }
    const shift = await page.page.evaluate(() => {
      const seen: unknown = Reflect.get(window, "seenShift");
      return typeof seen === "object" && seen !== null && "total" in seen ? seen.total : null;
    });
    expect(shift).toBeTypeOf("number");
    expect(shift).toBeLessThan(MOST_LAYOUT_SHIFT);
  });
});

describe("no page runs over sideways", () => {
  it.each([1440, 1024, 768, 390])("at %i px", async (width) => {
    const page = await pages.open(LONG_NAMES, { viewport: { width, height: 900 } });
    const explorer = await new ExplorerPage(page).ready();
    expect(await overflow(page), "first page").toEqual({ px: 0, by: [] });
    await explorer.openChartTable();
    expect(await overflow(page), "first page, table open").toEqual({ px: 0, by: [] });
    const answer = await page.locator("[data-configuration]").first().getByRole("link").getAttribute("href");
    const vllm =
      "/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000&slo=ttft:mean:2000&slo=tpot:mean:50";
    await page.goto(vllm);
    const manifest = await page.getByRole("link", { name: "Get manifests" }).getAttribute("href");
    for (const path of [
      answer ?? "",
      manifest ?? "",
      "/method",
      "/cluster",
      "/?model=google/gemma-4-12B-it&slo=ttft:p99:5",
    ]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await overflow(page), path).toEqual({ px: 0, by: [] });
    }
  });
});
