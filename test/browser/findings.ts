import axe from "axe-core";
import type { Page } from "playwright-core";
import { COLOUR_SCHEMES } from "./browser";

/** The rules of axe that look at colours, which are all that a theme changes. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** Findings of axe of any impact, in both themes, one line each kind. */
export async function findings(page: Page, state: string): Promise<string[]> {
  const found: string[] = [];
  for (const [index, colorScheme] of COLOUR_SCHEMES.entries()) {
    await page.emulateMedia({ colorScheme });
    // What still fades has colours nobody is meant to read.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
    // All on the page itself: no page here has a frame, for which axe would open another page. Nor is any passed check told.
    const violations = await page.evaluate(
      async (rules) => {
        const options = { resultTypes: ["violations" as const], ...(rules === null ? {} : { runOnly: rules }) };
        const results = await (window as unknown as { axe: typeof axe }).axe.run(document, options);
        return results.violations.map(({ id, nodes }) => ({ id, count: nodes.length, html: nodes[0]?.html ?? "" }));
      },
      index === 0 ? null : COLOUR_RULES,
    );
    for (const { id, count, html } of violations) {
      found.push(`${state}, ${colorScheme}: ${id} in ${count}, e.g. ${html.slice(0, 200)}`);
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
