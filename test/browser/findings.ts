import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { COLOUR_SCHEMES } from "./browser";

/** Serious and critical findings of axe in both themes, one line each kind. */
export async function findings(page: Page, state: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of COLOUR_SCHEMES) {
    await page.emulateMedia({ colorScheme });
    // What still fades has colours nobody is meant to read.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    // All on the page itself: no page here has a frame, for which axe would open another page. Nor is any passed check told.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ["violations"] })
      .analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      const [first] = nodes;
      found.push(`${state}, ${colorScheme}: ${id} in ${nodes.length}, e.g. ${first?.html.slice(0, 200)}`);
    }
  }
  return found;
}

/** What lies right of the screen: the width to scroll, and who causes it. */
export function overflow(page: Page): Promise<{ px: number; by: string[] }> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const px = root.scrollWidth - root.clientWidth;
    const by =
      px <= 0
        ? []
        : [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
            .slice(0, 5)
            .map((element) => `${element.tagName.toLowerCase()}: ${(element.textContent ?? "").slice(0, 40)}`);
    return { px, by };
  });
}

/** Presses every fold that is closed, those inside others too. All at once: with the pointer it is seconds on a long page. */
export async function openAllFolds(page: Page): Promise<void> {
  const closed = page.locator("details:not([open]) > summary");
  while ((await closed.count()) > 0) {
    await closed.evaluateAll((summaries) => {
      for (const summary of summaries) (summary as HTMLElement).click();
    });
  }
}
