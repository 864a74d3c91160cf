import type { Page } from "playwright-core";
import type { Pages } from "./browser";
import { ExplorerPage } from "./explorer-page";

/** A question with an answer that has manifests. */
export const SLOS = ["ttft:mean:2000", "tpot:mean:50"];
export const WORKLOAD = "random-10000-1000";
export const QUESTION = `model=meta-llama/Llama-3.1-70B-Instruct&workload=${WORKLOAD}&${SLOS.map((slo) => `slo=${slo}`).join("&")}&qps=12`;

/** From the answer to its manifest, the way a reader goes. */
export async function manifestOfAnswer(pages: Pages): Promise<{ page: Page; configurationId: string }> {
  const explorer = await new ExplorerPage(
    await pages.open(`/?${QUESTION}`, { permissions: ["clipboard-read", "clipboard-write"] }),
  ).ready();
  const [configurationId = ""] = await explorer.ranking();
  await explorer.page.getByRole("link", { name: "Get manifests" }).click();
  await explorer.page.waitForURL(/\/configurations\//);
  await explorer.page.locator('[data-chart="live"]').waitFor();
  return { page: explorer.page, configurationId };
}

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
