import type { Locator, Page } from "playwright-core";
import { seenText, soon } from "./browser";

/** The first page as its reader knows it: by roles, names and what it says. */
export class ExplorerPage {
  constructor(readonly page: Page) {}

  /** The chart can be used, so the page can. */
  async ready(): Promise<this> {
    await this.page.locator('[data-chart="live"]').waitFor();
    return this;
  }

  /** The answer in one sentence. */
  answer(): Promise<string> {
    return seenText(this.page.getByRole("heading", { level: 1 }));
  }

  /** The small print below the answer. */
  notes(): Promise<string> {
    return seenText(this.page.locator("[data-answer] p").first());
  }

  /** What the link says; it is written a moment after the page shows it. */
  query(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  /** The button of one fact of the question, by the start of its name: `Model`, `Target: TTFT` … */
  pill(name: string): Locator {
    return this.page.getByRole("button", { name: new RegExp(`^${name}`) });
  }

  dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  async openEditor(name: string): Promise<Locator> {
    await this.pill(name).first().click();
    await this.dialog().waitFor();
    return this.dialog();
  }

  async chooseModel(search: string, name: string): Promise<void> {
    const editor = await this.openEditor("Model:");
    await editor.getByRole("combobox").fill(search);
    await editor.getByRole("option", { name }).first().click();
    await this.pill(`Model: ${name}`).waitFor();
    await this.ready();
  }

  /** Sets, changes (by index) or adds a target. */
  async setTarget(pill: string, target: { metric?: string; statistic?: string; limitMs: number }): Promise<void> {
    const editor = await this.openEditor(pill);
    if (target.metric !== undefined) await editor.getByLabel("Metric").selectOption({ label: target.metric });
    if (target.statistic !== undefined) await editor.getByLabel("Statistic").selectOption({ label: target.statistic });
    await editor.getByLabel("At most, ms").fill(String(target.limitMs));
    await editor.getByRole("button", { name: "Set" }).click();
    await this.dialog().waitFor({ state: "detached" });
  }

  chart(): Locator {
    return this.page.locator("[data-chart]");
  }

  limitLine(): Locator {
    return this.page.locator("[data-limit-handle]");
  }

  axis(name: "Throughput" | "Latency" | "Statistic"): Locator {
    return this.page.getByRole("region", { name: "Frontiers" }).getByRole("combobox", { name, exact: true });
  }

  async axisChoices(name: "Throughput" | "Latency" | "Statistic"): Promise<string[]> {
    return (await this.axis(name).getByRole("option").allInnerTexts()).map((text) => text.trim());
  }

  /** Ids of the points drawn on the frontiers, sorted. */
  async drawnPoints(): Promise<string[]> {
    const points = this.chart().locator("[data-point]");
    return (await points.evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-point") ?? ""))).sort();
  }

  chartTable(): Locator {
    return this.page.locator('details[data-table="chart"]');
  }

  async openChartTable(): Promise<Locator> {
    const table = this.chartTable();
    if ((await table.getAttribute("open")) === null) await table.locator("summary").click();
    return table;
  }

  /** Ids of the rows of the chart's table, in their order. */
  tablePoints(): Promise<string[]> {
    return this.chartTable()
      .locator("[data-point-row]")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-point-row") ?? ""));
  }

  /** Ids of the ranked configurations, best first. */
  ranking(): Promise<string[]> {
    return this.page
      .locator("[data-configuration]")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-configuration") ?? ""));
  }

  /** What the ranking says in one column, best first. */
  async rankingColumn(title: string): Promise<string[]> {
    const table = this.page.locator('[data-table="ranking"]');
    const titles = await table.getByRole("columnheader").allInnerTexts();
    const place = titles.findIndex((text) => text.trim() === title);
    if (place < 0) throw new Error(`No column ${title} in ${titles.join(", ")}`);
    return table.locator(`[data-configuration] > :nth-child(${place + 1})`).allInnerTexts();
  }

  async showEveryConfiguration(): Promise<void> {
    await this.page.getByRole("button", { name: /^All \d+ configurations$/ }).click();
  }

  /** Waits for the answer to become another one and returns it. */
  async answerOtherThan(before: string): Promise<string> {
    await soon(() => this.answer()).not.toBe(before);
    return this.answer();
  }
}
