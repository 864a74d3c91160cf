import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { browserPages, seenText, soon } from "./browser";
import { iqRank } from "./command-line";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();
const QUESTION = "/?model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:200";
const MANY_AXES = "/?model=deepseek-ai/DeepSeek-R1-0528&workload=random-1024-1024&slo=ttft:p99:3000";
/** Both ways of saying a limit agree to the digits shown. */
const ONE_MS = 1;

async function explorer(path: string): Promise<ExplorerPage> {
  return new ExplorerPage(await pages.open(path)).ready();
}

/** Limit of the only target, ms, as the link has it. */
function limitInLink(page: ExplorerPage): number {
  return Number(page.query().getAll("slo")[0]?.split(":")[2]);
}

async function limitOnLine(page: ExplorerPage): Promise<number> {
  return Number(await page.limitLine().getAttribute("aria-valuenow"));
}

/** The link has caught up with the line. */
async function linkFollows(page: ExplorerPage): Promise<void> {
  await soon(async () => limitInLink(page) - (await limitOnLine(page)), "link and line").toBe(0);
}

/** Pill, link, line, sentence and table all tell the same limit. */
async function expectOneLimit(page: ExplorerPage): Promise<void> {
  await linkFollows(page);
  const limit = limitInLink(page);
  const label = limit >= 1000 ? `${limit / 1000} s` : `${limit} ms`;
  await page.pill(`Target: TTFT mean ≤ ${label}\\. Change`).waitFor();
  const rank = await iqRank(["--model", "openai/gpt-oss-120b", "--slo", `ttft:mean:${limit}`]);
  if ((await page.page.getByRole("button", { name: /^All \d+ configurations$/ }).count()) > 0) {
    await page.showEveryConfiguration();
  }
  await soon(() => page.ranking()).toEqual(rank.ranked.map((row) => row.configurationId));
}

describe("the line of the limit", () => {
  it("is dragged with the mouse: pill, link, sentence and table follow while it moves", async () => {
    const page = await explorer(QUESTION);
    const before = { answer: await page.answer(), rows: await page.ranking() };
    const grip = await page.limitLine().locator("rect").boundingBox();
    if (grip === null) throw new Error("the line has no grip");
    const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
    await page.page.mouse.move(x, y);
    await page.page.mouse.down();
    await page.page.mouse.move(x, y + 20, { steps: 4 });
    await linkFollows(page);
    expect(limitInLink(page)).toBeLessThan(200);
    await page.page.mouse.move(x, y + 60, { steps: 8 });
    await soon(() => limitOnLine(page)).toBeLessThan(150);
    await linkFollows(page);
    const moving = limitInLink(page);
    await page.pill(`Target: TTFT mean ≤ ${moving} ms\\. Change`).waitFor();
    await page.answerOtherThan(before.answer);
    await page.page.mouse.up();
    await page.page.mouse.move(x, y - 100, { steps: 4 });
    await linkFollows(page);
    expect(limitInLink(page), "the line was let go").toBe(moving);
    expect(await page.ranking()).not.toEqual(before.rows);
    await expectOneLimit(page);
  });

  it("moves under the pointer, not past it", async () => {
    const page = await explorer(QUESTION);
    const line = page.limitLine().locator("rect");
    const grip = await line.boundingBox();
    if (grip === null) throw new Error("the line has no grip");
    const [x, y] = [grip.x + 5, grip.y + 5];
    await page.page.mouse.move(x, y);
    await page.page.mouse.down();
    await page.page.mouse.move(x, y - 90, { steps: 9 });
    // Three significant figures are finer than two pixels here.
    await soon(async () => Math.abs(((await line.boundingBox())?.y ?? 0) - (grip.y - 90))).toBeLessThanOrEqual(2);
    await page.page.mouse.up();
    await soon(() => limitInLink(page)).toBeGreaterThan(200);
    await expectOneLimit(page);
  });

  it("moves by keyboard: arrows, with Shift, Page keys, Home and End", async () => {
    const page = await explorer(QUESTION);
    const line = page.page.getByRole("slider", { name: "Limit on TTFT mean, ms" });
    await line.focus();
    for (const [key, limit] of [
      ["ArrowUp", 210],
      ["ArrowRight", 221],
      ["ArrowLeft", 210],
      ["ArrowDown", 200],
      ["PageUp", 250],
      ["PageDown", 200],
      ["Shift+ArrowUp", 202],
    ] as const) {
      await line.press(key);
      await soon(() => limitOnLine(page), key).toBeGreaterThan(limit - ONE_MS);
      expect(await limitOnLine(page), key).toBeLessThan(limit + ONE_MS);
    }
    await expectOneLimit(page);
    expect(await line.getAttribute("aria-valuetext")).toMatch(/^[\d,.]+ milliseconds$/);

    const lowest = Number(await line.getAttribute("aria-valuemin"));
    const highest = Number(await line.getAttribute("aria-valuemax"));
    expect(lowest).toBeLessThan(highest);
    await line.press("End");
    await soon(async () => (await limitOnLine(page)) / highest).toBeCloseTo(1, 2);
    await line.press("Home");
    await soon(async () => (await limitOnLine(page)) / lowest).toBeCloseTo(1, 1);
    await soon(() => page.page.locator("[data-answer]").getAttribute("data-answer")).toBe("none");
    await line.press("End");
    await soon(() => page.page.locator("[data-answer]").getAttribute("data-answer")).toBe("found");
    await expectOneLimit(page);
  });
});

describe("the chart's table", () => {
  it("has a row for every point drawn, whatever the axes", async () => {
    const page = await explorer(MANY_AXES);
    const table = await page.openChartTable();
    for (const throughput of ["per accelerator", "per deployment", "per US dollar"]) {
      await page.axis("Throughput").selectOption({ label: throughput });
      for (const [latency, statistic] of [
        ["TTFT", "p99"],
        ["TPOT", "mean"],
        ["E2E", "p50"],
      ] as const) {
        await page.axis("Latency").selectOption({ label: latency });
        await page.axis("Statistic").selectOption({ label: statistic });
        await table.getByRole("button", { name: `${latency} ${statistic}, ms` }).waitFor();
        const drawn = await page.drawnPoints();
        expect(drawn.length, `${throughput}, ${latency} ${statistic}`).toBeGreaterThan(3);
        expect((await page.tablePoints()).sort(), `${throughput}, ${latency} ${statistic}`).toEqual(drawn);
        expect(await seenText(table.locator("summary"))).toContain(`${drawn.length} points`);
      }
    }
  });

  it("has the points off the frontiers too when asked, as many as the chart says it has", async () => {
    const page = await explorer(QUESTION);
    const table = await page.openChartTable();
    const frontier = await page.tablePoints();
    await table.getByRole("checkbox", { name: /off the frontiers/ }).check();
    await soon(async () => (await page.tablePoints()).length).toBeGreaterThan(frontier.length);
    const every = await page.tablePoints();
    expect(every).toEqual(expect.arrayContaining(frontier));
    expect(new Set(every).size).toBe(every.length);
    await page.page.getByRole("region", { name: "Frontiers" }).getByText(`${every.length} points`).first().waitFor();
  });

  it("sorts by each column, both ways", async () => {
    const page = await explorer(QUESTION);
    const table = await page.openChartTable();
    for (const [name, column] of [
      [/^tok\/s/, 3],
      [/^TTFT/, 4],
    ] as const) {
      const values = () =>
        table
          .locator(`tbody td:nth-child(${column})`)
          .evaluateAll((cells) => cells.map((cell) => Number.parseFloat((cell.textContent ?? "").replaceAll(",", ""))));
      const sort = table.getByRole("button", { name });
      await sort.click();
      const ascending = await values();
      expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
      await sort.click();
      const descending = await values();
      expect(descending).toEqual([...descending].sort((a, b) => b - a));
    }
  });

  it("is downloaded as CSV with as many rows, in full precision", async () => {
    const page = await explorer(QUESTION);
    const table = await page.openChartTable();
    for (const everyPoint of [false, true]) {
      await table.getByRole("checkbox", { name: /off the frontiers/ }).setChecked(everyPoint);
      const coming = page.page.waitForEvent("download");
      await table.getByRole("button", { name: "Download CSV" }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe("random-1024-1024.csv");
      const rows: Record<string, string>[] = parse(readFileSync(await download.path()), { columns: true });
      const ids = await table
        .locator("[data-point-row] a")
        .evaluateAll((links) =>
          links.map((link) => /configurations\/([^?]+)/.exec(link.getAttribute("href") ?? "")?.[1]),
        );
      expect(rows.map((row) => row.configuration_id)).toEqual(ids);
      expect(
        rows.some((row) => (row.output_tokens_per_second_per_accelerator ?? "").replace(/\D/g, "").length > 4),
      ).toBe(true);
      expect(rows.every((row) => Number(row.ttft_ms_mean) > 0)).toBe(true);
      expect(rows.filter((row) => row.on_frontier === "no").length > 0).toBe(everyPoint);
    }
  });
});

describe("the axes", () => {
  it("offer only what was measured: each choice draws points", async () => {
    const page = await explorer(MANY_AXES);
    for (const latency of await page.axisChoices("Latency")) {
      await page.axis("Latency").selectOption({ label: latency });
      await page.chart().getByText(`${latency} `).first().waitFor();
      for (const statistic of await page.axisChoices("Statistic")) {
        await page.axis("Statistic").selectOption({ label: statistic });
        await page.chart().getByText(`${latency} ${statistic}, ms`).waitFor();
        expect((await page.drawnPoints()).length, `${latency} ${statistic}`).toBeGreaterThan(0);
      }
    }
  });

  it("leave out what nobody measured", async () => {
    const model = "meta-llama/Llama-3.3-70B-Instruct";
    const page = await explorer(`/?model=${model}&workload=random-1024-1024`);
    const offered = await page.axisChoices("Latency");
    expect(offered.length).toBeLessThan(5);
    const measured = await Promise.all(
      ["TTFT", "TPOT", "ITL", "NTPOT", "E2E"].map(async (metric) => {
        const target = ["--slo", `${metric.toLowerCase()}:mean:1000000`];
        const rank = await iqRank(["--model", model, "--workload", "random-1024-1024", ...target]);
        return rank.ranked.length > 0 ? [metric] : [];
      }),
    );
    expect(offered).toEqual(measured.flat());
  });

  it("follow the link and keep it: a shared address shows the same axes", async () => {
    const page = await explorer(`${MANY_AXES}&x=deployment&y=e2e:p50`);
    await page.chart().getByText("E2E p50, ms").waitFor();
    await page.chart().getByText("output tokens/s per deployment").waitFor();
    await page.axis("Latency").selectOption({ label: "TPOT" });
    await soon(() => page.query().get("y")).toBe("tpot:p50");
    const drawn = await page.drawnPoints();
    await page.page.reload();
    await page.ready();
    expect(await page.drawnPoints()).toEqual(drawn);
  });

  it("can be tokens per US dollar, for accelerators with a price alone, or all at one's own price", async () => {
    const page = await explorer(QUESTION);
    const seriesDrawn = () =>
      page
        .chart()
        .locator("[data-series]")
        .evaluateAll((series) => series.map((item) => item.getAttribute("data-series")));
    expect(await seriesDrawn()).toContain("mi355x-288gb");
    await page.axis("Throughput").selectOption({ label: "per US dollar" });
    await page.chart().getByText("output tokens per US dollar").waitFor();
    await soon(() => page.query().get("x")).toBe("usd");
    expect(await seriesDrawn()).not.toContain("mi355x-288gb");
    expect((await seriesDrawn()).length).toBeGreaterThan(1);

    const editor = await page.openEditor("Price:");
    await editor.getByLabel(/your own/).fill("2");
    await editor.getByRole("button", { name: "Set" }).click();
    await soon(seriesDrawn).toContain("mi355x-288gb");
    // Two dollars an accelerator-hour: tokens per dollar are 1,800 times tokens per second of one accelerator.
    const table = await page.openChartTable();
    const first = await page.drawnPoints().then((ids) => ids[0] ?? "");
    const value = async () =>
      Number.parseFloat(
        (await seenText(table.locator(`[data-point-row="${first}"] td:nth-child(3)`))).replaceAll(",", ""),
      );
    const perDollar = await value();
    await page.axis("Throughput").selectOption({ label: "per accelerator" });
    await soon(async () => (await value()) < perDollar).toBe(true);
    expect(perDollar / (await value()) / 1800).toBeCloseTo(1, 1);
  });
});

describe("a part of the chart", () => {
  it("is dragged over, moved nearer by the wheel, and left by a press", async () => {
    const page = await explorer(QUESTION);
    const ticks = () => page.chart().locator('[data-tick="x"]').allInnerTexts();
    const all = await ticks();
    const points = (await page.drawnPoints()).length;
    const box = await page.chart().boundingBox();
    if (box === null) throw new Error("no chart");
    await page.page.mouse.move(box.x + 90, box.y + 120);
    await page.page.mouse.down();
    await page.page.mouse.move(box.x + 330, box.y + 400, { steps: 4 });
    await page.page.locator(".chart-brush").waitFor();
    await page.page.mouse.up();
    await soon(ticks).not.toEqual(all);
    expect((await page.drawnPoints()).length).toBeLessThan(points);
    const dragged = await ticks();
    await page.page.keyboard.down("Control");
    await page.page.mouse.wheel(0, -200);
    await page.page.keyboard.up("Control");
    await soon(ticks).not.toEqual(dragged);
    await page.page.getByRole("button", { name: "Whole chart" }).click();
    await soon(ticks).toEqual(all);
    expect((await page.drawnPoints()).length).toBe(points);
  });

  it("is reached by buttons too, and left with the axes it was of", async () => {
    const page = await explorer(QUESTION);
    const { page: browser } = page;
    await browser.getByRole("button", { name: "Zoom in" }).press("Enter");
    await browser.locator('[data-zoom="part"]').waitFor();
    await page.axis("Throughput").selectOption({ label: "per watt" });
    await page.chart().getByText("output tokens/s per watt (TDP where not measured)").waitFor();
    await browser.locator('[data-zoom=""]').waitFor();
    await soon(() => page.query().get("x")).toBe("watt");
    expect((await page.drawnPoints()).length).toBeGreaterThan(0);
  });
});

describe("a point of the chart", () => {
  it("says under the pointer what it is, stays when pressed, and leads to its configuration", async () => {
    const page = await explorer(QUESTION);
    const target = page.chart().locator("[data-focus]").nth(4);
    const box = await target.boundingBox();
    if (box === null) throw new Error("no point");
    await page.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const tooltip = page.page.locator("[data-tooltip]");
    await tooltip.waitFor();
    const text = await seenText(tooltip);
    expect(text).toMatch(/\d+× /);
    for (const word of ["Configuration", "Load", "Throughput", "TTFT ms", "Source"]) expect(text).toContain(word);
    await page.page.mouse.down();
    await page.page.mouse.up();
    await page.page.mouse.move(5, 5);
    await tooltip.getByRole("link", { name: "Open this configuration" }).click();
    await page.page.waitForURL(/\/configurations\//);
    await soon(() => page.query().getAll("slo")).toEqual(["ttft:mean:200"]);
    await page.page.getByRole("heading", { name: "Load points and where they come from" }).waitFor();
  });
});
