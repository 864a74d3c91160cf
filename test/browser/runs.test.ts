import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon } from "./browser";
import { iq } from "./command-line";
import { findings, openAllFolds, overflow } from "./findings";
import { bring, bringRun, figures, MODEL, reportWithSecret, SECRET, share, WORKLOAD } from "./runs-lab";
import { servedProduct } from "./served-product";

const pages = browserPages();

/** The sources of the listed runs, in their order. */
function listed(page: Page): Promise<string[]> {
  return page.locator("[data-run] td:nth-child(4)").allInnerTexts();
}

async function filter(page: Page, choose: () => Promise<unknown>): Promise<void> {
  await choose();
  await page.getByRole("button", { name: "Filter" }).click();
}

/** Opens the confirmation, says why and confirms. */
async function retire(page: Page, what: string, reason: string): Promise<void> {
  await page.getByText(`Retire ${what} …`).first().click();
  await page.getByLabel(/^Why/).first().fill(reason);
  await page
    .getByRole("button", { name: `Retire ${what}` })
    .first()
    .click();
}

describe.each([
  ["with", true],
  ["without", false],
])("the list of runs, %s JavaScript", (name, javaScriptEnabled) => {
  const source = `lab-filters-${name}`;
  beforeAll(async () => {
    await bring(
      "lab.csv",
      figures([
        { source, concurrency: 4 },
        { source, concurrency: 8, flags: "replicate" },
        { source, concurrency: 4, accelerator: "l4-24gb", measuredOn: "2026-08-20" },
      ]),
    );
  });

  it("is narrowed by its filters, which are in the address and nothing else is", async () => {
    const page = await pages.open("/runs", { javaScriptEnabled });
    expect(await page.locator("[data-run]").count()).toBe(50);
    await filter(page, () => page.getByLabel("Source").selectOption(source));
    await page.waitForURL(`**/runs?source=${source}`);
    expect((await listed(page)).map((text) => text.split("\n"))).toEqual([
      [source, "Apache-2.0"],
      [source, "Apache-2.0"],
    ]);
    expect(await seenText(page.getByRole("heading", { level: 1 }))).toBe("2 runs, 3 load points");
    await filter(page, () => page.getByLabel("Accelerator").selectOption("l4-24gb"));
    await page.waitForURL(`**/runs?accelerator=l4-24gb&source=${source}`);
    expect(await page.locator("[data-run]").count()).toBe(1);
    await filter(page, () => page.getByLabel("Measured to").fill("2026-08-19"));
    await page.waitForURL("**to=2026-08-19");
    await page.getByText("No run matches these filters.").waitFor();
    await page.getByRole("link", { name: "Clear the filters" }).click();
    await page.waitForURL("**/runs");
    await filter(page, async () => {
      await page.getByLabel("Model").selectOption(MODEL);
      await page.getByLabel("Caveat").selectOption("replicate");
      await page.getByLabel("Source").selectOption(source);
    });
    await page.waitForURL(`**/runs?model=${MODEL}&source=${source}&flag=replicate`);
    expect(await seenText(page.locator("[data-run] td:first-child").first())).toBe("2026-08-01");
  });

  it("is searched by words, and its filters say how many runs each choice leaves", async () => {
    const page = await pages.open("/runs", { javaScriptEnabled });
    const search = page.getByLabel("Search");
    await search.fill(`${source.toUpperCase()} h100`);
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Filter" }).click();
    // With scripts, what is typed holds without a button, and the field keeps the focus.
    await soon(() => new URL(page.url()).searchParams.get("q")).toBe(`${source.toUpperCase()} h100`);
    await soon(() => page.locator("[data-run]").count()).toBe(1);
    if (javaScriptEnabled) expect(await search.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.getByLabel("Source").locator("option").allInnerTexts()).toEqual(["any", `${source} (1)`]);
    await search.fill("");
    await page.getByLabel("Source").selectOption({ index: 1 });
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Filter" }).click();
    await page.waitForURL(`**/runs?source=${source}`);
    await soon(() => page.locator("[data-run]").count()).toBe(2);
    const accelerators = await page.getByLabel("Accelerator").locator("option").allInnerTexts();
    expect(accelerators).toEqual(["any", "H100 SXM (1)", "L4 (1)"]);
  });

  it("leads to the run, its configuration, its chart and the runs of its ingest", async () => {
    const path = `/runs?source=${source}&flag=replicate`;
    const page = await pages.open(path, { javaScriptEnabled });
    await page.getByRole("link", { name: `1× H100 SXM · ${MODEL}` }).click();
    await page.waitForURL(/\/runs\/[0-9a-f]{16}$/);
    await page.goto(path);
    await page.getByRole("link", { name: WORKLOAD }).first().click();
    await page.waitForURL(`**/?model=${MODEL}&workload=${WORKLOAD}`);
    await page.goto(path);
    await page.getByRole("link", { name: /^vLLM 0\.11\.0/ }).click();
    await page.waitForURL("**/configurations/**");
    await page.goto(path);
    await page.getByRole("link", { name: /^Runs of ingest/ }).click();
    await page.waitForURL(/ingest=\d+$/);
  });

  it("has pages", async () => {
    const page = await pages.open("/runs", { javaScriptEnabled });
    const first = await page.locator("[data-run]").first().getAttribute("data-run");
    await page.getByRole("link", { name: "Older →" }).click();
    await page.waitForURL("**/runs?page=2");
    expect(await page.locator("[data-run]").first().getAttribute("data-run")).not.toBe(first);
    await page.getByRole("link", { name: "← Newer" }).click();
    await page.waitForURL("**/runs");
    expect(await page.locator("[data-run]").first().getAttribute("data-run")).toBe(first);
  });

  it("takes a run back after a second look; links made before keep showing it", async () => {
    const retired = `lab-retired-${name}`;
    const model = `example-lab/Retired-${name}`;
    const { runId } = await bringRun(figures([{ source: retired, concurrency: 4, model }]));
    const link = await share(model);
    const before = await seenText((await pages.open(link)).getByRole("heading", { level: 1 }));
    expect(before).toContain("vLLM 0.11.0");

    const page = await pages.open(`/runs/${runId}`, { javaScriptEnabled });
    await retire(page, "this run", "wrong server version");
    const notice = page.locator('[data-notice="retired"]');
    expect(await seenText(notice)).toContain("wrong server version");
    expect(await page.getByText("Retire this run …").count()).toBe(0);
    await notice.getByRole("link", { name: "the chart as it was" }).click();
    await page.waitForURL(/rev=\d+$/);
    expect(await seenText(page.getByRole("heading", { level: 1 }))).toContain("vLLM 0.11.0");

    await page.goto(`/runs?source=${retired}`);
    await page.getByText("No run matches these filters.").waitFor();
    await page.getByRole("link", { name: "look among them too" }).click();
    expect(await seenText(page.locator("[data-retired]"))).toContain("retired in revision");
    expect(await seenText((await pages.open(link)).getByRole("heading", { level: 1 }))).toBe(before);
    const today = await pages.open(`/?model=${model}&workload=${WORKLOAD}`);
    expect(await seenText(today.getByRole("heading", { level: 1 }))).not.toContain("vLLM 0.11.0");
  });
});

describe("the page of a run", () => {
  it("has every figure and its place, and the report byte for byte", async () => {
    const text = figures([
      { source: "lab-page", concurrency: 4 },
      { source: "lab-page", concurrency: 16, flags: "replicate" },
    ]);
    const { runId } = await bringRun(text);
    const page = await pages.open(`/runs/${runId}`);
    const points = page.locator('[data-table="points"]');
    const titles = await points.getByRole("columnheader").allInnerTexts();
    expect(titles).toEqual(
      expect.arrayContaining(["Output tok/s", "TTFT mean, ms", "TTFT p99, ms", "TPOT mean, ms", "TPOT p99, ms"]),
    );
    expect(titles).not.toContain("TTFT p95, ms");
    expect(await points.locator("tbody tr").allInnerTexts()).toEqual([
      expect.stringMatching(/^4 in flight\s+160\s/),
      expect.stringMatching(/^16 in flight\s+640\s.*repeated measurement/s),
    ]);
    expect(await page.locator('[data-table="origins"] tbody tr').allInnerTexts()).toEqual([
      expect.stringContaining("line 2"),
      expect.stringContaining("line 3"),
    ]);
    const files = page.locator("[data-files]");
    expect(await seenText(files)).toContain("Byte for byte as it came.");
    const download = page.waitForEvent("download");
    await files.getByRole("link", { name: "lab.csv" }).click();
    expect(readFileSync(await (await download).path(), "utf8")).toBe(text);
    await page.getByRole("link", { name: "Apache-2.0" }).waitFor();
  });

  it("says what was blanked of its report", async () => {
    const flags = ["--accelerator", "h100-sxm-80gb", "--accelerator-count", "1"];
    const { runIds, sha256 } = await bring("result.json", reportWithSecret(), flags);
    const page = await pages.open(`/runs/${runIds[0]}`);
    expect(await seenText(page.locator("[data-files]"))).toMatch(/1 secret was blanked.*api_key/s);
    expect(await page.content()).not.toContain(SECRET);
    const stored = await (await fetch(`${servedProduct().baseUrl}/api/v1/reports/${sha256}`)).text();
    expect(stored).toBe(reportWithSecret().replace(SECRET, "[redacted]"));
  });

  it("that does not exist is a page that says so", async () => {
    const page = await pages.open("/runs/0000000000000000", { expects: [/404/] });
    await page.getByRole("heading", { name: "There is nothing under this link." }).waitFor();
  });
});

describe("the audit", () => {
  it("lists what was taken and what was refused and why", async () => {
    const { ingestId } = await bringRun(figures([{ source: "lab-audit", concurrency: 4 }]));
    const refused = await bring("wrong.csv", figures([{ source: "lab-audit", concurrency: -4 }]));
    const page = await pages.open("/runs/ingests");
    expect(await seenText(page.locator(`#ingest-${ingestId}`))).toMatch(
      /command line.*1 load point taken from 1 file/s,
    );
    expect(await seenText(page.locator(`#ingest-${refused.ingestId}`))).toMatch(
      /Nothing new.*1 file refused.*wrong\.csv/s,
    );
    await page.locator(`#ingest-${ingestId}`).getByRole("link", { name: "1 run" }).click();
    await page.waitForURL(`**/runs?ingest=${ingestId}`);
    expect(await page.locator("[data-run]").count()).toBe(1);
  });

  it("retires a whole ingest, all its runs knowingly", async () => {
    const { ingestId } = await bring(
      "two.csv",
      figures([
        { source: "lab-whole", concurrency: 4 },
        { source: "lab-whole", concurrency: 4, accelerator: "l4-24gb" },
      ]),
    );
    const page = await pages.open(`/runs/ingests?ingest=${ingestId}`);
    const entry = page.locator(`#ingest-${ingestId}`);
    await entry.getByText("Retire this whole ingest …").click();
    await entry.getByLabel(/^Why/).fill("a bad day");
    await entry.getByRole("button", { name: "Retire this whole ingest" }).click();
    expect(await entry.getByLabel("Yes, all 2 runs").evaluate((box) => box.matches(":invalid"))).toBe(true);
    await entry.getByLabel("Yes, all 2 runs").check();
    await entry.getByRole("button", { name: "Retire this whole ingest" }).click();
    await soon(() => seenText(entry)).toContain("all retired since");
    expect(await seenText(page.locator('[data-entry="retirement"]').first())).toContain("a bad day");
  });

  it("takes back what came with the program only knowingly, by page and by HTTP", async () => {
    const page = await pages.open("/runs/ingests?ingest=1");
    const entry = page.locator("#ingest-1");
    await entry.getByText("Retire this whole ingest …").click();
    expect(await seenText(entry.locator("[data-retire]"))).toMatch(
      /came with the program\. [\d,]+ runs with [\d,]+ load points would not be shown.*share link/,
    );
    await entry.getByRole("button", { name: "Retire this whole ingest" }).click();
    expect(await entry.getByLabel(/^Yes, all [\d,]+ runs$/).evaluate((box) => box.matches(":invalid"))).toBe(true);
    const unsure = await fetch(`${servedProduct().baseUrl}/api/v1/ingests/1/retire`, { method: "POST" });
    expect(unsure.status).toBe(400);
    expect(await unsure.json()).toEqual({ error: expect.stringMatching(/came with the program.*"sure": true/) });
  });

  it("has deletions, and a share link whose data is gone says so", async () => {
    const model = "example-lab/Embargo";
    const { runId } = await bringRun(figures([{ source: "lab-purge", concurrency: 4, model }]));
    const link = await share(model);
    const result = await iq(["purge", runId, "--yes", "--reason", "measured under embargo"]);
    expect(result.status, result.stderr).toBe(0);
    const page = await pages.open(link);
    expect(await seenText(page.locator('[data-notice="purged"]'))).toMatch(
      /^Part of what this link showed was deleted on \d{4}-.*measured under embargo/,
    );
    await page.goto("/runs/ingests");
    expect(await seenText(page.locator('[data-entry="purge"]').first())).toMatch(
      /1 run, 1 load point and 1 report: measured under embargo.*1 share link no longer shows/s,
    );
  });
});

describe("the API of what is in the database", () => {
  const get = (path: string) => fetch(`${servedProduct().baseUrl}${path}`);

  it("has the filters of the page, and refuses what makes no sense", async () => {
    const { runId } = await bringRun(figures([{ source: "lab-api", concurrency: 4 }]));
    expect(await (await get("/api/v1/runs?source=lab-api")).json()).toMatchObject({
      runs: [{ runId, sourceName: "lab-api", licence: "Apache-2.0", loadPoints: 1 }],
      total: 1,
      loadPoints: 1,
    });
    const wrong = await get("/api/v1/runs?from=yesterday");
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toEqual({ error: expect.stringContaining("a date such as") });
    for (const path of ["runs?acelerator=l4-24gb", "ingests?page=2", "export?modle=org/small"]) {
      const unknown = await get(`/api/v1/${path}`);
      expect(unknown.status).toBe(400);
      expect(await unknown.json()).toEqual({ error: expect.stringContaining("there is no such parameter") });
    }
  });

  it("names the newest revision, never from a cache", async () => {
    const response = await get("/api/v1/revision");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ id: expect.any(Number), createdAt: expect.stringMatching(/^\d{4}-/) });
  });

  it("retires by JSON, once, and not for another site's page", async () => {
    const { runId } = await bringRun(figures([{ source: "lab-api-retire", concurrency: 4 }]));
    const retireBy = (headers: Record<string, string>, body: string) =>
      fetch(`${servedProduct().baseUrl}/api/v1/runs/${runId}/retire`, { method: "POST", headers, body });
    const json = { "content-type": "application/json" };
    expect((await retireBy({ ...json, origin: "https://evil.example" }, "{}")).status).toBe(403);
    expect((await retireBy(json, '{"reason":7}')).status).toBe(400);
    expect((await retireBy(json, "x".repeat(20_000))).status).toBe(413);
    const done = await retireBy(json, '{"reason":"by program"}');
    expect(await done.json()).toEqual({ revision: expect.any(Number), runIds: [runId], loadPoints: 1 });
    expect((await retireBy(json, "")).status).toBe(409);
    const nowhere = await fetch(`${servedProduct().baseUrl}/api/v1/runs/none/retire`, { method: "POST" });
    expect(nowhere.status).toBe(404);
  });

  it("exports what the command line exports, under a name that says what it is", async () => {
    const page = await pages.open(`/runs?model=${MODEL}`);
    for (const [link, format, ending] of [
      ["JSON", "json", ".jsonl"],
      ["CSV", "csv", ".csv"],
      ["GKE Inference Quickstart CSV", "giq-csv", "-giq.csv"],
    ] as const) {
      const event = page.waitForEvent("download");
      await page.getByRole("link", { name: link, exact: true }).click();
      const download = await event;
      const [, revision = ""] = /-r(\d+)-/.exec(download.suggestedFilename()) ?? [];
      expect(download.suggestedFilename()).toBe(`inference-quickstart-r${revision}-example-lab-Runs-8B${ending}`);
      const printed = await iq([
        "export",
        "--format",
        format,
        "--model",
        MODEL,
        "--revision",
        revision,
        "--no-reports",
      ]);
      expect(readFileSync(await download.path(), "utf8")).toBe(printed.stdout);
    }
  });
});

describe("the pages of what is in the database", () => {
  it.each([
    ["wide", {}],
    ["narrow", { viewport: NARROW }],
  ])("have nothing axe would find and do not run over sideways (%s)", async (_name, options) => {
    const { runId } = await bringRun(figures([{ source: "lab-axe", concurrency: 4, flags: "replicate;no_date" }]));
    await bring("wrong.csv", "neither,this\nnor,that\n");
    const found: string[] = [];
    for (const path of ["/runs?retired=1", "/runs?source=nobody&from=x", `/runs/${runId}`, "/runs/ingests"]) {
      const page = await pages.open(path, options);
      await openAllFolds(page);
      expect(await overflow(page), path).toEqual({ px: 0, by: [] });
      found.push(...(await findings(page, path)));
    }
    expect(found).toEqual([]);
  });
});
