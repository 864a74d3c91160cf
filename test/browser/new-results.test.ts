import { describe, expect, it } from "vitest";
import { browserPages, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { bringRun, figures, MODEL, share } from "./runs-lab";

const pages = browserPages();

describe("new results", () => {
  it("appear in the open list by themselves", async () => {
    await bringRun(figures([{ source: "lab-live", concurrency: 4 }]));
    const page = await pages.open("/runs?source=lab-live");
    expect(await page.locator("[data-run]").count()).toBe(1);
    await page.getByLabel("Measured from").fill("2026-01-01");
    await bringRun(figures([{ source: "lab-live", concurrency: 4, accelerator: "l4-24gb" }]));
    await soon(() => page.locator("[data-run]").count()).toBe(2);
    expect(await page.getByLabel("Measured from").inputValue(), "an unfinished filter stays").toBe("2026-01-01");
  });

  it("appear in the explorer without taking focus or an unfinished edit", async () => {
    const model = "example-lab/Live";
    await bringRun(figures([{ source: "lab-explorer", concurrency: 4, model }]));
    const page = await new ExplorerPage(await pages.open(`/?model=${model}`)).ready();
    const before = await page.answer();
    const editor = await page.openEditor("Target: TTFT");
    await editor.getByLabel("At most, ms").fill("1234");
    await bringRun(figures([{ source: "lab-explorer", concurrency: 64, outputTokensPerSecond: 3000, model }]));
    await page.answerOtherThan(before);
    const field = page.dialog().getByLabel("At most, ms");
    expect(await field.inputValue()).toBe("1234");
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.dialog().getByRole("button", { name: "Set" }).click();
    await soon(() => page.query().getAll("slo")[0]).toBe("ttft:p99:1234");
  });

  it("do not reach a page that is pinned to a revision", async () => {
    const model = "example-lab/Pinned";
    await bringRun(figures([{ source: "lab-pinned", concurrency: 4, model }]));
    const page = await pages.open(await share(model));
    expect(await page.locator("[data-revision]").count()).toBe(0);
  });

  it("leave an explorer that was changed and left as its address says, on the way back", async () => {
    const page = await new ExplorerPage(await pages.open(`/?model=${MODEL}`)).ready();
    await page.setTarget("Target: TTFT", { limitMs: 1500 });
    await soon(() => page.query().getAll("slo")[0]).toBe("ttft:p99:1500");
    await page.chooseModel("gpt-oss-120b", "gpt-oss-120b");
    await page.page.goBack();
    await page.pill("Model: Runs-8B").waitFor();
    await page.pill("Target: TTFT p99 ≤ 1\\.5 s").waitFor();
  });
});
