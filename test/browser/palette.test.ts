import { describe, expect, it } from "vitest";
import { browserPages, seenText, soon, takenOver } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { findings } from "./findings";

const pages = browserPages();
const QUESTION = "/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000&slo=ttft:mean:2000";

describe("the palette", () => {
  it("leads to a model and to a page by a few letters, from anywhere", async () => {
    const page = await pages.open("/upload");
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Go to" });
    await dialog.getByRole("combobox").fill("gpt-oss-120");
    await dialog
      .getByRole("option", { name: /gpt-oss-120b/ })
      .first()
      .waitFor();
    expect(await findings(page, "palette")).toEqual([]);
    await page.keyboard.press("Enter");
    await page.waitForURL(/model=openai\/gpt-oss-120b/);
    await new ExplorerPage(page).ready();
    await page.keyboard.press("Control+k");
    await dialog.getByRole("combobox").fill("ingests");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/runs\/ingests/);
  });

  it("knows the questions asked in this browser, and asks them again", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const answer = await explorer.answer();
    const { page } = explorer;
    await page.goto("/runs");
    await takenOver(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Llama-3.1-70B-Instruct, TTFT mean ≤ 2 s", exact: true }).click();
    await page.waitForURL(/\/\?model=meta-llama/);
    await soon(() => explorer.answer()).toBe(answer);
  });

  it("has all keys under ?, but not while one types, and closes with Escape", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    expect(await seenText(keys)).toContain("compare the row or point");
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    const editor = await explorer.openEditor("Model:");
    await editor.getByRole("combobox").fill("");
    await page.keyboard.type("?");
    expect(await keys.count()).toBe(0);
  });
});

describe("the latency axis", () => {
  it("is linear or logarithmic as chosen, in the address too", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const title = () => page.locator("[data-chart] .chart-title").first().textContent();
    await page.getByLabel("Scale of the latency axis").selectOption("log");
    await soon(title).toContain("(log)");
    await page.getByLabel("Scale of the latency axis").selectOption("linear");
    await soon(title).not.toContain("(log)");
    await soon(() => explorer.query().get("scale")).toBe("linear");
  });
});
