import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { browserPages, seenText, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { findings } from "./findings";
import { servedProduct } from "./served-product";

const pages = browserPages();
const SEARCH = "model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:2000&slo=tpot:mean:50&qps=20";

async function sharedPath(): Promise<{ path: string; explorer: ExplorerPage }> {
  const explorer = await new ExplorerPage(await pages.open(`/?${SEARCH}`)).ready();
  await explorer.page.getByRole("button", { name: "Share" }).click();
  const link = await explorer.page.locator("[data-share-url]").inputValue();
  return { path: new URL(link).pathname, explorer };
}

describe("a link that is sent to others", () => {
  it("has a title, a sentence and a picture of its answer", async () => {
    const { path, explorer } = await sharedPath();
    const answer = await explorer.answer();
    const html = await (await fetch(`${servedProduct().baseUrl}${path}`)).text();
    const meta = (name: string) =>
      new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`).exec(html)?.[1] ?? "";
    expect(meta("og:title")).toBe("gpt-oss-120b, TTFT mean ≤ 2 s, TPOT mean ≤ 50 ms");
    expect(meta("og:description")).toBe(answer);
    expect(meta("twitter:card")).toBe("summary_large_image");
    const picture = await fetch(meta("og:image").replaceAll("&amp;", "&"));
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect(picture.headers.get("cache-control")).toContain("immutable");
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  it("can be saved as one file that shows the same without the server", async () => {
    const { explorer } = await sharedPath();
    const { page } = explorer;
    const answer = await explorer.answer();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as one file that opens anywhere" }).click(),
    ]);
    const html = readFileSync(await download.path(), "utf8");
    expect(html).not.toMatch(/<script|<link/);
    // Nothing is fetched: fonts are inside, and no address of the server is left but in links.
    expect(html.match(/url\((?!["']?data:)/g)).toBeNull();
    const alone = await pages.open("/method");
    await alone.setContent(html);
    expect(await seenText(alone.getByRole("heading", { level: 1 }))).toBe(answer);
    expect(await alone.locator("svg:visible [data-point]").count()).toBeGreaterThan(10);
    expect(await seenText(alone.locator("[data-snapshot]"))).toMatch(/^A copy of http:.*, saved \d{4}-\d\d-\d\d\.$/);
  });

  it("can be framed by others as a chart, and as nothing else", async () => {
    const { explorer } = await sharedPath();
    const code = await explorer.page.locator("[data-embed-code]").inputValue();
    const [, source = ""] = /src="([^"]+)"/.exec(code) ?? [];
    const { pathname, search } = new URL(source);
    expect(pathname).toBe("/embed");
    expect(new URLSearchParams(search).get("rev")).toMatch(/^\d+$/);
    const headersOf = async (path: string) => (await fetch(`${servedProduct().baseUrl}${path}`)).headers;
    const framed = await headersOf(`${pathname}${search}`);
    expect(framed.get("x-frame-options")).toBeNull();
    expect(framed.get("content-security-policy")).toContain("frame-ancestors *");
    for (const path of ["/", "/runs", "/compare", "/embedded", "/embed/x", "/api/v1/revision"]) {
      const headers = await headersOf(path);
      expect(headers.get("x-frame-options"), path).toBe("DENY");
      expect(headers.get("content-security-policy"), path).toBe("frame-ancestors 'none'");
    }
    const page = await pages.open(`${pathname}${search}`);
    await page.locator('[data-chart="live"]').waitFor();
    expect(await page.locator("form, header:visible").count()).toBe(0);
    expect(await findings(page, "embed")).toEqual([]);
  });

  it("has a tab that names its question, as it is changed", async () => {
    const explorer = await new ExplorerPage(await pages.open(`/?${SEARCH}`)).ready();
    await soon(() => explorer.page.title()).toBe(
      "gpt-oss-120b, TTFT mean ≤ 2 s, TPOT mean ≤ 50 ms · Inference Quickstart",
    );
    await explorer.setTarget("Target: TTFT", { limitMs: 900 });
    await soon(() => explorer.page.title()).toContain("TTFT mean ≤ 900 ms");
  });

  it("is printed as a page to read: no buttons, no navigation", async () => {
    const { page } = await new ExplorerPage(await pages.open(`/?${SEARCH}`)).ready();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("header:visible, nav:visible, .button:visible, [data-exports]:visible").count()).toBe(0);
    expect(await page.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
    expect(await page.locator("[data-chart] svg").first().isVisible()).toBe(true);
    expect(await page.locator("[data-configuration]").first().isVisible()).toBe(true);
    await page.emulateMedia({ media: "screen" });
  });
});
