import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPages, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();
const QUESTION = "/?model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:2000&slo=tpot:mean:50&qps=20";

async function saved(page: Page, name: string): Promise<{ fileName: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name, exact: true }).click(),
  ]);
  return { fileName: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe("the curves of the chart", () => {
  it("can be switched off, isolated and brought back, and the axes follow", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const legend = page.getByRole("list", { name: "Curves" });
    const all = await explorer.drawnPoints();
    const drawn = () => page.locator("[data-chart] [data-series]").count();
    const before = await drawn();
    await legend.getByRole("button", { name: "H200 SXM", exact: true }).click();
    await soon(drawn).toBe(before - 1);
    expect(await page.locator('[data-chart] [data-label="h200-sxm-141gb"]').count()).toBe(0);
    await legend.getByRole("button", { name: "Only H100 SXM" }).click();
    await soon(drawn).toBe(1);
    await legend.getByRole("button", { name: "All curves" }).click();
    await soon(() => explorer.drawnPoints()).toEqual(all);
  });

  it("light up with the row of their configuration, and the row with them", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const owners = await page
      .locator("[data-chart] path[data-owner]")
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-owner")));
    const id = (await explorer.ranking()).find((row) => owners.includes(row)) ?? "";
    await page.locator(`tr[data-configuration="${id}"] td`).nth(2).hover();
    await soon(() => page.locator(`[data-chart] path[data-owner="${id}"][data-lit]`).count()).toBe(
      owners.filter((owner) => owner === id).length,
    );
    await page.mouse.move(5, 5);
    await soon(() => page.locator("[data-lit]").count()).toBe(0);
    await page.locator(`[data-chart] a[data-owner="${id}"]`).first().focus();
    await soon(() => page.locator(`tr[data-configuration="${id}"][data-lit]`).count()).toBe(1);
  });

  it("are opened by a press anywhere in their row, and by a second press on a point", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const [first = ""] = await explorer.ranking();
    await page.locator(`tr[data-configuration="${first}"] td`).nth(2).click();
    await page.waitForURL(new RegExp(`/configurations/${first}`));
    await page.goBack();
    await explorer.ready();
    const mark = page.locator("[data-chart] path[data-point]").first();
    const owner = await mark.getAttribute("data-owner");
    const box = await mark.boundingBox();
    if (box === null) throw new Error("no mark");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator("[data-tooltip]").waitFor();
    expect(page.url()).not.toContain("/configurations/");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForURL(new RegExp(`/configurations/${owner}`));
  });
});

describe("what is seen", () => {
  it("is saved as a picture with its question, its source and its link", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const svg = await saved(page, "SVG");
    expect(svg.fileName).toBe("gpt-oss-120b-random-1024-1024.svg");
    const text = svg.bytes.toString();
    expect(text).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const told of [
      "gpt-oss-120b, 1,024 in, 1,024 out tokens",
      "TTFT mean ≤ 2 s, TPOT mean ≤ 50 ms, 20 req/s",
      "dataset revision",
      "rev=",
    ]) {
      expect(text).toContain(told);
    }
    // A file has no style sheet: whatever a class would have said stands in it.
    expect(text).not.toMatch(/class=|var\(--/);
    const marks = text.match(/data-point=/g)?.length;
    expect(marks).toBe(await page.locator("[data-chart] [data-point]").count());
    const png = await saved(page, "PNG");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    // Width in the header, twice that on screen.
    const chart = await explorer.chart().boundingBox();
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(2 * Math.floor(chart?.width ?? 0));
  });

  it("is copied as Markdown and saved as CSV, rows as they stand, with the link", async () => {
    const explorer = await new ExplorerPage(
      await pages.open(QUESTION, { permissions: ["clipboard-read", "clipboard-write"] }),
    ).ready();
    const { page } = explorer;
    const rows = await explorer.ranking();
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByText("Copied.", { exact: true }).waitFor();
    const markdown = await page.evaluate(() => navigator.clipboard.readText());
    expect(markdown).toContain(
      "**gpt-oss-120b, 1,024 in, 1,024 out tokens: TTFT mean ≤ 2 s, TPOT mean ≤ 50 ms, 20 req/s**",
    );
    expect(markdown.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(rows.length + 2);
    const [, link = ""] = /(http:\S+)\s*$/.exec(markdown) ?? [];
    const { bytes } = await saved(page, "CSV of these rows");
    const records: Record<string, string>[] = parse(bytes, { columns: true });
    expect(records.map((record) => record.configuration_id)).toEqual(rows);
    expect(new Set(records.map((record) => record.link))).toEqual(new Set([link]));
    const again = await new ExplorerPage(await pages.open(link.slice(new URL(link).origin.length))).ready();
    expect(await again.ranking()).toEqual(rows);
  });
});
