import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { findings, openAllFolds, overflow } from "./findings";
import { servedProduct } from "./served-product";
import { folderOf, report, zipOf } from "./upload-files";
import { dataset, UploadPage } from "./upload-page";

const pages = browserPages();
const NO_OVERFLOW = { px: 0, by: [] };
const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/reports");

async function upload(options: Parameters<typeof pages.open>[1] = {}): Promise<UploadPage> {
  return new UploadPage(await pages.open("/upload", options));
}

describe("adding a report", () => {
  it("asks for what it does not say, stores it and shows it on the chart, all by keyboard", async () => {
    const before = await dataset();
    const add = await upload();
    const { page } = add;
    const file = {
      name: "lab.json",
      mimeType: "application/json",
      buffer: Buffer.from(report("upload-lab/First", 64)),
    };
    await add.chooseFiles(file);
    expect(await add.preview()).toContain("1 file lacks facts only you can give");
    expect(await add.summary()).toBe("Understood, but something is missing");
    await soon(() => page.evaluate(() => document.activeElement?.hasAttribute("data-summary"))).toBe(true);
    expect(await add.storeButton().count()).toBe(0);

    await page.keyboard.press("Tab");
    await page.keyboard.type("h100-sxm-80gb");
    await page.keyboard.press("Tab");
    await page.keyboard.type("2");
    await page.keyboard.press("Tab");
    await page.keyboard.type("vllm");
    await page.keyboard.press("Enter");
    await soon(() => add.summary()).toBe("1 new load point in 1 run");
    const preview = await add.preview();
    expect(preview).toContain("2× H100 SXM");
    expect(preview).toContain("upload-lab/First");
    expect(preview).toContain("vllm-bench-serve (vllm bench serve)");
    expect(preview).toContain("lab.json");
    expect(await dataset(), "a preview stores nothing").toBe(before);

    await soon(() => page.evaluate(() => document.activeElement?.hasAttribute("data-summary"))).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Store 1 load point");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/\?model=upload-lab\/First&.*highlight=h100-sxm-80gb-x2-vllm-/);
    const explorer = await new ExplorerPage(page).ready();
    expect(await page.locator("[data-emphasised] [data-point]").count()).toBe(1);
    expect(await seenText(page.locator("[data-highlight]"))).toMatch(/2× H100 SXM .*1 load point, emphasised/s);
    expect(await page.locator('[data-configuration][aria-current="true"]').count()).toBe(1);
    expect(await dataset()).not.toBe(before);
    await page.getByRole("button", { name: "Without emphasis" }).click();
    await soon(() => explorer.query().has("highlight")).toBe(false);
    expect(await page.locator("[data-emphasised]").count()).toBe(0);

    const again = await upload();
    await again.chooseFiles(file);
    await again.preview();
    await again.page.getByLabel(/^Accelerator/).fill("H100 SXM");
    await again.page.getByLabel("Number of accelerators").fill("2");
    await again.page.getByLabel(/^Model server/).fill("vllm");
    await again.checkAgain();
    expect(await again.summary()).toBe("Nothing new: the load point is already there");
    expect(await again.storeButton().count()).toBe(0);
    expect(await again.page.getByRole("link", { name: "See them on the chart" }).getAttribute("href")).toContain(
      "highlight=",
    );
  });

  it("takes a folder, asks folder by folder, and uses one answer for all of them", async () => {
    const folder = folderOf({
      "tp2/a.json": report("upload-lab/Second", 1),
      "tp2/b.json": report("upload-lab/Second", 8),
      "tp4/a.json": report("upload-lab/Third", 8),
      "tp4/notes.txt": "nothing to read",
      ".cache/c.json": report("upload-lab/Second", 99),
    });
    const add = await upload();
    await add.chooseFolder(folder);
    await add.preview();
    expect(await seenText(add.page.locator("[data-chosen]"))).toContain("results/ · 4 files");
    const first = add.form("results/tp2");
    await first.getByLabel(/^Accelerator/).fill("h100-sxm-80gb");
    await first.getByLabel("Number of accelerators").fill("4");
    await first.getByRole("button", { name: "Use for all 2 folders" }).click();
    expect(await add.form("results/tp4").getByLabel("Number of accelerators").inputValue()).toBe("4");

    const download = add.page.waitForEvent("download");
    await first.getByRole("button", { name: "Download as iq.yaml" }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("iq.yaml");
    expect(readFileSync(await saved.path(), "utf8")).toBe("accelerator: h100-sxm-80gb\naccelerator_count: 4\n");

    const preview = await add.checkAgain();
    expect(await add.summary()).toBe("3 new load points in 2 runs");
    expect(preview).toContain("1 file without load points");
    await add.storeButton().click();
    await add.page.locator("[data-stored]").waitFor();
    const charts = add.page.locator("[data-stored]").getByRole("link");
    expect(await charts.allInnerTexts()).toEqual([
      "Chart of upload-lab/Second, unspecified-1000-100",
      "upload-lab/Third, unspecified-1000-100",
    ]);
    await charts.first().click();
    await new ExplorerPage(add.page).ready();
    expect(await add.page.locator("[data-emphasised] [data-point]").count()).toBe(2);
  });

  it("takes folders and archives that are dropped on the page", async () => {
    const run = path.join(FIXTURES, "inference-perf/run");
    const dropped = await upload();
    await dropped.drop([run]);
    expect(await dropped.preview()).toMatch(
      /Example-8B-Instruct.*inference-perf.*run\/stage_0_lifecycle_metrics\.json/s,
    );

    const archive = folderOf({ "lab.zip": zipOf({ "runs/a.json": report("upload-lab/Zipped", 4) }) });
    const zipped = await upload();
    await zipped.drop([path.join(archive, "lab.zip")]);
    await zipped.preview();
    await zipped
      .form("lab.zip/runs")
      .getByLabel(/^Accelerator/)
      .fill("l4-24gb");
    await zipped.form("lab.zip/runs").getByLabel("Number of accelerators").fill("1");
    expect(await zipped.checkAgain()).toContain("lab.zip/runs/a.json");
    expect(await zipped.summary()).toBe("1 new load point in 1 run");

    const mixed = folderOf({
      "lone.json": report("upload-lab/Lone", 4),
      "deep/b.json": report("upload-lab/Deep", 4),
    });
    const both = await upload();
    await both.drop([path.join(mixed, "lone.json"), path.join(mixed, "deep")]);
    await both.preview();
    expect(await seenText(both.form("").locator("[data-reach]"))).toContain("also fills what the folders leave open");
    expect(await both.form("deep").locator("[data-reach]").count()).toBe(0);
  });

  it("says what is wrong with an answer and with a file", async () => {
    const folder = folderOf({
      "good.json": report("upload-lab/Fourth", 2),
      "broken.json": '{"model_id": "x", ',
      "picture.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]),
    });
    const add = await upload();
    await add.chooseFiles(["good.json", "broken.json", "picture.png"].map((name) => path.join(folder, name)));
    expect(await add.preview()).toContain("2 files refused");
    const refused = await seenText(add.page.locator("[data-refused]"));
    expect(refused).toMatch(/broken\.json, line 1: the text/);
    expect(refused).toMatch(/picture\.png holds no results we can read \(it is a binary file\)/);
    await add.page.getByLabel(/^Accelerator/).fill("H1000");
    await add.page.getByLabel("Number of accelerators").fill("1");
    await add.checkAgain();
    const field = add.page.getByLabel(/^Accelerator/);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await seenText(add.page.locator("[data-facts]"))).toContain('Accelerator "H1000" is not in the catalogue');
    expect(await field.inputValue(), "the answer stays to be mended").toBe("H1000");
  });

  it("says which new load points are outliers, and why", async () => {
    const header =
      "source_name,measured_on,model,accelerator,accelerator_count,server,precision,workload,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_mean,tpot_ms_mean";
    const row = (load: number, tpotMs: number) =>
      `lab,2026-09-01,meta-llama/Llama-3.1-70B-Instruct,h100-sxm-80gb,2,vllm,fp8,random-1024-1024,random,1024,1024,concurrency,${load},${load * 20},60,${tpotMs}`;
    const add = await upload();
    await add.chooseFiles({
      name: "lab.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`${[header, row(1, 1.2), row(4, 14)].join("\n")}\n`),
    });
    expect(await add.preview()).toContain("1 outlier among the new ones");
    expect(await seenText(add.page.locator("[data-outliers]"))).toMatch(
      /1 in flight: TPOT mean 1\.2 ms is less than the [\d.]+ ms/,
    );
  });

  it("can be cancelled while it is sent, and tried again", async () => {
    const before = await dataset();
    const add = await upload();
    await add.ready();
    const session = await add.page.context().newCDPSession(add.page);
    const speed = (uploadThroughput: number) =>
      session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await speed(50_000);
    await add.chooseFiles({ name: "large.json", mimeType: "application/json", buffer: Buffer.alloc(2_000_000, "[") });
    await soon(() => add.page.locator("progress").getAttribute("value")).not.toBeNull();
    expect(await add.page.getByRole("status").first().textContent()).toMatch(/^Sending/);
    await add.page.getByRole("button", { name: "Cancel" }).press("Enter");
    await soon(() => add.message().textContent()).toBe("Cancelled. Nothing was stored.");
    await soon(() => add.page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("file");
    await session.detach();
    await add.page.getByRole("button", { name: "Try again with the same files" }).click();
    await add.preview();
    expect(await add.summary()).toBe("Nothing here that can be stored");
    expect(await dataset()).toBe(before);
  });
});

describe("the page to add reports", () => {
  it("names the next step, the formats and a command for jobs", async () => {
    const { page } = await upload();
    const text = await seenText(page.getByRole("main"));
    expect(text).toContain("Drop files or folders here");
    expect(text).toContain("inference-perf");
    expect(text).toContain(`curl --fail-with-body --data-binary @result.json`);
    expect(text).toContain(`${servedProduct().baseUrl}/api/v1/reports?fileName=result.json`);
  });

  it("has nothing axe would find and fits a telephone, empty, previewed and stored", async () => {
    const add = await upload({ viewport: NARROW });
    await add.ready();
    const found = await findings(add.page, "empty");
    expect(await overflow(add.page), "empty").toEqual(NO_OVERFLOW);
    const long = `a-rather-long-folder-name/${"long-".repeat(30)}name`;
    const folder = folderOf({
      [`${long}/a.json`]: report("upload-lab/Fifth-with-a-rather-long-name-that-does-not-break-by-itself", 2),
      "b/a.json": report("upload-lab/Sixth", 2),
      "broken.json": "{",
      "notes.txt": "nothing",
    });
    await add.chooseFolder(folder);
    await add.preview();
    const first = add.page.locator("[data-directory]").first();
    await first.getByLabel(/^Accelerator/).fill("mi300x");
    await first.getByLabel("Number of accelerators").fill("8");
    found.push(...(await findings(add.page, "asked")));
    await first.getByRole("button", { name: /^Use for all/ }).click();
    await add.checkAgain();
    await openAllFolds(add.page);
    found.push(...(await findings(add.page, "previewed")));
    expect(await overflow(add.page), "previewed").toEqual(NO_OVERFLOW);
    await add.storeButton().click();
    await add.page.locator("[data-stored]").waitFor();
    found.push(...(await findings(add.page, "stored")));
    expect(await overflow(add.page), "stored").toEqual(NO_OVERFLOW);
    expect(found).toEqual([]);
  });

  it("works without JavaScript: a form that answers with the result", async () => {
    const before = await dataset();
    const { page } = await upload({
      javaScriptEnabled: false,
      // The answer is no page and has no icon.
      expects: [/404/],
    });
    await page.getByLabel("Choose files").setInputFiles({
      name: "plain.json",
      mimeType: "application/json",
      buffer: Buffer.from(report("upload-lab/Plain", 2)),
    });
    await page.getByLabel(/^Accelerator/).fill("h100-sxm-80gb");
    await page.getByLabel(/^Number of accelerators/).fill("2");
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForURL(/\/api\/v1\/reports/);
    const answer = JSON.parse(await seenText(page.locator("body")));
    expect(answer).toMatchObject({ dryRun: true, loadPoints: 1, problems: [] });
    expect(await dataset()).toBe(before);
  });

  it("costs the first page nothing", async () => {
    const page = await pages.open("/");
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .flatMap(({ name }) => (/\/_next\/static\/.*\.js/.test(name) ? [name] : [])),
    );
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) expect(await (await fetch(script)).text()).not.toContain("data-drop-zone");
  });
});
