import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPages, seenText, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();
/** More stops than any of these pages has before its chart. */
const MOST_TABS = 60;

/** Which fact's button has the focus. */
function focusedPill(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-pill") ?? null);
}

/** Presses Tab until what has the focus matches. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`${MOST_TABS} times Tab do not lead to ${selector}`);
}

describe("by keyboard alone", () => {
  it("one asks, reads, looks at points and opens a configuration", async () => {
    const explorer = await new ExplorerPage(await pages.open("/")).ready();
    const { page } = explorer;
    const first = await explorer.answer();

    await tabTo(page, '[data-pill="model"]');
    await page.keyboard.press("Enter");
    await explorer.dialog().waitFor();
    await page.keyboard.type("minimax-m2.5");
    await soon(() => explorer.dialog().getByRole("option").count()).toBeLessThan(4);
    await page.keyboard.press("Enter");
    const second = await explorer.answerOtherThan(first);
    await soon(() => explorer.query().get("model")).toBe("MiniMaxAI/MiniMax-M2.5");
    await explorer.ready();

    await tabTo(page, '[data-pill="target"]');
    await page.keyboard.press("Enter");
    await explorer.dialog().waitFor();
    await soon(() =>
      explorer
        .dialog()
        .getByLabel("At most, ms")
        .evaluate((field) => field === document.activeElement),
    ).toBe(true);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("150");
    await page.keyboard.press("Enter");
    await explorer.answerOtherThan(second);
    await soon(() => explorer.query().getAll("slo")[0]).toBe("ttft:mean:150");

    await tabTo(page, "[data-focus]");
    const tooltip = page.locator("[data-tooltip]");
    await tooltip.waitFor();
    const point = await seenText(tooltip);
    await page.keyboard.press("ArrowRight");
    await soon(() => seenText(tooltip)).not.toBe(point);
    await page.keyboard.press("ArrowLeft");
    await soon(() => seenText(tooltip)).toBe(point);
    await page.keyboard.press("ArrowDown");
    await soon(() => seenText(tooltip)).not.toBe(point);
    const href = await page.evaluate(() => document.activeElement?.getAttribute("href") ?? "");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/configurations\//);
    expect(page.url()).toContain(/configurations\/[^?]+/.exec(href)?.[0]);
    await soon(() => explorer.query().getAll("slo")[0]).toBe("ttft:mean:150");

    await tabTo(page, 'a[href^="/?"]');
    await page.keyboard.press("Enter");
    await explorer.pill("Target: TTFT mean ≤ 150 ms").waitFor();
  });

  it("Escape closes each editor and returns to its button", async () => {
    const explorer = await new ExplorerPage(await pages.open("/?model=openai/gpt-oss-120b")).ready();
    for (const name of ["Model:", "Workload:", "Target:", "Add a target", "Demand:", "Price:"]) {
      const button = explorer.pill(name).first();
      await button.focus();
      await explorer.page.keyboard.press("Enter");
      await explorer.dialog().waitFor();
      expect(await button.getAttribute("aria-expanded"), name).toBe("true");
      await soon(() => explorer.dialog().evaluate((dialog) => dialog.contains(document.activeElement)), name).toBe(
        true,
      );
      await explorer.page.keyboard.press("Escape");
      await explorer.dialog().waitFor({ state: "detached" });
      await soon(() => button.evaluate((element) => element === document.activeElement), name).toBe(true);
      expect(await button.getAttribute("aria-expanded"), name).toBe("false");
    }
  });

  it("a change leaves the focus on the button it came from", async () => {
    const explorer = await new ExplorerPage(await pages.open("/?model=openai/gpt-oss-120b")).ready();
    await explorer.pill("Demand:").focus();
    await explorer.page.keyboard.press("Enter");
    await explorer.dialog().waitFor();
    await explorer.page.keyboard.type("7");
    await explorer.page.keyboard.press("Enter");
    await soon(() => focusedPill(explorer.page)).toBe("demand");
  });

  it("another model leaves the focus on the button of the model", async () => {
    const explorer = await new ExplorerPage(await pages.open("/?model=openai/gpt-oss-120b")).ready();
    await explorer.pill("Model:").focus();
    await explorer.page.keyboard.press("Enter");
    await explorer.dialog().waitFor();
    await explorer.page.keyboard.type("gemma-4-12b");
    await explorer.page.keyboard.press("Enter");
    await explorer.pill("Model: gemma-4-12B").waitFor();
    await soon(() => focusedPill(explorer.page)).toBe("model");
  });
});
