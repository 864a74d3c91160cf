import type { Page } from "playwright-core";

/** The manifest as a page shows it, folded or not: exactly the YAML. `""` where it is refused. */
export async function manifestText(page: Page): Promise<string> {
  return (await page.locator("[data-yaml]").allTextContents()).join("");
}

/** A select among the questions about the cluster, by its label. */
export function question(page: Page, label: string) {
  return page.getByRole("form", { name: "About the cluster" }).getByLabel(label, { exact: true });
}

/** The kinds of the objects shown, in order. */
export function shownKinds(page: Page): Promise<(string | null)[]> {
  return page.locator("[data-object]").evaluateAll((folds) => folds.map((fold) => fold.getAttribute("data-object")));
}
