import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon } from "./browser";
import { findings, overflow } from "./findings";
import { UploadPage } from "./upload-page";

const pages = browserPages();

const TABLE = `Concurrent users,TTFT p95 (s),Latency,Tok/s/GPU,Model,GPU,Comment
1,0.05,1.2,120,upload-lab/Mapped,H100 SXM,warm
8,0.09,2.1,"1,012.7",upload-lab/Mapped,H100 SXM,
`;
const table = (name: string, text = TABLE) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

async function asked(options: Parameters<typeof pages.open>[1] = {}): Promise<UploadPage> {
  const add = new UploadPage(await pages.open("/upload", options));
  await add.chooseFiles(table("sheet.csv"));
  await add.preview();
  return add;
}

describe("a table with columns of its own", () => {
  it("is asked about with a guess, checked by its first values, and read once that is confirmed", async () => {
    const { page } = await asked();
    const upload = new UploadPage(page);
    expect(await seenText(page.locator("[data-preview]"))).toContain("1 table has columns only you can explain");
    expect(await page.getByLabel("Meaning of TTFT p95 (s)").inputValue()).toBe("ttft_ms_p95");
    expect(await seenText(page.locator('[data-column="TTFT p95 (s)"]'))).toContain("0.05 s → 50 ms");
    expect(await seenText(page.locator('[data-column="Tok/s/GPU"]'))).toContain("× accelerators");
    expect(await seenText(page.locator('[data-column="Latency"]'))).toContain("the name does not say which statistic");
    expect(await page.getByLabel("Meaning of Comment").inputValue()).toBe("ignore");

    await page.getByLabel("Meaning of Latency").selectOption("ttft_ms_p95");
    await page.getByRole("button", { name: "Use this mapping" }).click();
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid"))).toBe("true");
    expect(await seenText(page.locator('[data-column="Latency"]'))).toContain("is read as TTFT p95 already");

    await page.getByLabel("Meaning of Latency").selectOption("e2e_ms_mean");
    await page.getByLabel("Unit of Latency").selectOption("s");
    expect(await seenText(page.locator('[data-column="Latency"]'))).toContain("1.2 s → 1200 ms");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download iq.columns.yaml" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("iq.columns.yaml");
    const yaml = readFileSync(await file.path(), "utf8");
    expect(yaml).toContain("Latency: { field: e2e_ms_mean, unit: s } # 1.2 | 2.1");

    await page.getByRole("button", { name: "Use this mapping" }).press("Enter");
    await soon(() => page.locator("[data-used-mapping]").count()).toBe(1);
    // The number of accelerators is what the throughput has to be multiplied by: now it is asked for.
    await page.getByLabel("Number of accelerators").fill("4");
    await upload.checkAgain();
    expect(await upload.summary()).toBe("2 new load points in 1 run");
    expect(await upload.preview()).toContain("multiplied up from per-GPU figures");

    // The kept file answers by itself.
    const again = new UploadPage(await pages.open("/upload"));
    await again.chooseFiles([
      table("sheet.csv"),
      { name: "iq.columns.yaml", mimeType: "application/yaml", buffer: Buffer.from(yaml) },
    ]);
    await again.preview();
    expect(await again.page.locator("[data-column-mappings]").count()).toBe(0);
    expect(await again.preview()).toContain("1 file lacks facts only you can give");
  });

  it("can have its mapping changed after it was used", async () => {
    const { page } = await asked();
    await page.getByRole("button", { name: "Use this mapping" }).click();
    await soon(() => page.locator("[data-used-mapping]").count()).toBe(1);
    await page.locator("[data-used-mapping] summary").click();
    await page.getByLabel("Meaning of GPU").selectOption("ignore");
    await page.getByRole("button", { name: "Use this mapping" }).click();
    await soon(() => page.getByLabel(/^Accelerator/).count()).toBe(1);
  });

  it("is asked about on a telephone as well, and for everybody", async () => {
    const { page } = await asked({ viewport: NARROW });
    await page.getByLabel("Meaning of Comment").selectOption("ttft_ms_p95");
    await page.getByRole("button", { name: "Use this mapping" }).click();
    expect(await findings(page, "column mapping")).toEqual([]);
    expect(await overflow(page)).toEqual({ px: 0, by: [] });
  });
});
