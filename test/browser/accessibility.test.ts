import { describe, expect, it } from "vitest";
import { h100Node, listText } from "../unit/cluster/cluster-texts";
import { browserPages, NARROW } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { findings, openAllFolds } from "./findings";

const pages = browserPages();
const QUESTION =
  "/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000&slo=ttft:mean:2000&slo=tpot:mean:50";

describe("axe finds nothing, light and dark", () => {
  it("on the first page, with everything opened and with an editor open", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    await explorer.openChartTable();
    await openAllFolds(page);
    const found = await findings(page, "everything open");
    for (const name of ["Model:", "Target:"]) {
      await explorer.openEditor(name);
      found.push(...(await findings(page, name)));
      await page.keyboard.press("Escape");
      await explorer.dialog().waitFor({ state: "detached" });
    }
    expect(found).toEqual([]);
  });

  it("on the first page of a telephone, without an answer and with notices", async () => {
    const path = "/?model=google/gemma-4-12B-it&slo=ttft:p99:5&x=nonsense";
    const { page } = await new ExplorerPage(await pages.open(path, { viewport: NARROW })).ready();
    expect(await findings(page, "no answer")).toEqual([]);
  });

  it("on a configuration, with a manifest and without", async () => {
    const { page } = await new ExplorerPage(await pages.open(QUESTION)).ready();
    await page.getByRole("link", { name: "Get manifests" }).click();
    await page.locator("[data-manifest]").waitFor();
    await page.locator('[data-chart="live"]').waitFor();
    const found = await findings(page, "with manifest");
    await page.getByLabel("Autoscaler", { exact: true }).selectOption("keda");
    await page.locator("[data-changes]").waitFor();
    await page.locator("details").evaluateAll((folds) => {
      for (const fold of folds) fold.setAttribute("open", "");
    });
    found.push(...(await findings(page, "with manifest, changes and everything open")));
    await page.goto(page.url().replace("ttft:mean:2000", "ttft:mean:1"));
    await page.locator("[data-manifest-refused]").waitFor();
    found.push(...(await findings(page, "without manifest")));
    expect(found).toEqual([]);
  });

  it("on the method page and where a link leads nowhere", async () => {
    const found = await findings(await pages.open("/method"), "method");
    found.push(...(await findings(await pages.open("/s/nowhere", { expects: [/404/] }), "nowhere")));
    expect(found).toEqual([]);
  });

  it("where a cluster is looked at", async () => {
    const page = await pages.open("/cluster");
    const found = await findings(page, "cluster, empty");
    await page.getByLabel("What kubectl printed").fill(listText(h100Node("gpu-1")));
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.locator("[data-cluster=found]").waitFor();
    found.push(...(await findings(page, "cluster, looked at")));
    expect(found).toEqual([]);
  });
});
