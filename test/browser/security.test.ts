import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPages, seenText } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { manifestText } from "./manifest-page";
import { servedProduct } from "./served-product";

const pages = browserPages();
const SCRIPT = "<script>document.title='taken'</script>";
const IMAGE = "<img src=x onerror=alert(1)>";

async function expectNothingRan(page: Page): Promise<void> {
  expect(await page.title()).not.toBe("taken");
  expect(await page.locator("img[src=x], main script, svg[onload]").count()).toBe(0);
}

function post(body: unknown, headers: Record<string, string>): Promise<Response> {
  return fetch(`${servedProduct().baseUrl}/api/v1/shares`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

describe("an address with a broken percent-encoding", () => {
  it.each(["/s/%E0%A4%A", "/configurations/%zz", "/runs/%"])(
    "as in %s is a mistake of who asks, not an error",
    async (path) => {
      const response = await fetch(`${servedProduct().baseUrl}${path}`);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("percent-encoding");
    },
  );
});

describe("hostile text in a link", () => {
  it("is shown as text, each part with what was expected", async () => {
    const hostile = {
      workload: IMAGE,
      slo: `${IMAGE}:p95:1`,
      x: SCRIPT,
      y: "__proto__:constructor",
      usd: "1e999",
      qps: "-1",
      rank: `"'><svg onload=alert(1)>`,
      price: "constructor",
    };
    const page = await pages.open(`/?${new URLSearchParams({ model: "google/gemma-4-12B-it", ...hostile })}`);
    const notices = page.locator('[data-notice="problem"]');
    const said = (await notices.allInnerTexts()).join("\n");
    for (const [name, value] of Object.entries(hostile)) expect(said, name).toContain(value);
    await expectNothingRan(page);
  });

  it("is shown as text where a model is named", async () => {
    const page = await pages.open(`/?${new URLSearchParams({ model: SCRIPT })}`);
    expect(await seenText(page.getByRole("heading", { level: 1 }))).toContain(SCRIPT);
    expect(await seenText(page.locator('[data-notice="problem"]'))).toContain(SCRIPT);
    await expectNothingRan(page);
  });

  it("is shown as text on a configuration's page and does not reach its manifest", async () => {
    const explorer = new ExplorerPage(
      await pages.open("/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000"),
    );
    const [configurationId = ""] = await explorer.ranking();
    const hostile = new URLSearchParams({ workload: SCRIPT, provider: `${IMAGE}\n- evil: true`, platform: SCRIPT });
    const page = await pages.open(`/configurations/${configurationId}?${hostile}`);
    await page.getByRole("heading", { name: "Load points and where they come from" }).waitFor();
    await expectNothingRan(page);
    expect(await manifestText(page)).not.toMatch(/^- evil/m);
    expect(await seenText(page.locator("section[aria-labelledby=manifests]"))).toContain(`platform=${SCRIPT}`);
  });
});

describe("a share link is written", () => {
  const body = { query: "model=openai/gpt-oss-120b", revision: 1 };

  it.each([
    ["another site's page", { origin: "https://evil.example" }],
    ["a sandboxed page", { origin: "null" }],
    ["a form on another site", { "sec-fetch-site": "cross-site" }],
    ["a neighbouring port", { "sec-fetch-site": "same-site", origin: "http://localhost:1" }],
  ])("not by %s", async (_whose, headers) => {
    const response = await post(body, headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: expect.stringContaining("own pages") });
  });

  it("by the product's own pages and by programs", async () => {
    expect((await post(body, { origin: servedProduct().baseUrl, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await post(body, {})).status).toBe(200);
  });

  it("not from nonsense, which is named", async () => {
    expect((await post({ query: 7 }, {})).status).toBe(400);
    expect((await post({ query: "", revision: 99_999 }, {})).status).toBe(400);
    expect((await post({ query: "x".repeat(5000), revision: 1 }, {})).status).toBe(400);
  });

  it("not to lead anywhere else", async () => {
    const response = await post({ query: "model=//evil.example&rev=1", revision: 1 }, {});
    const { path } = (await response.json()) as { path: string };
    expect(path).toMatch(/^\/s\/[\w-]+$/);
  });
});

describe("what does not exist", () => {
  it.each(["/s/nowhere", "/s/..%2f..%2fetc", "/configurations/no-such-configuration", "/?rev=99999", "/no-such-page"])(
    "is a page that says so, with status 404: %s",
    async (path) => {
      const page = await pages.open(path, { expects: [/404/] });
      await page.getByRole("heading", { name: "There is nothing under this link." }).waitFor();
      expect(await page.getByRole("link", { name: "Explore" }).count()).toBeGreaterThan(0);
      expect((await fetch(new URL(path, servedProduct().baseUrl))).status).toBe(404);
    },
  );

  it.each(["/configurations/%25E0%25A4%25A", "/api/v1/reports/%00", "/api/v1/reports/..%2f..%2fpackage.json"])(
    "is no server error: %s",
    async (path) => {
      const status = (await fetch(`${servedProduct().baseUrl}${path}`)).status;
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );
});

describe("a stored report", () => {
  it("comes as a file to save, never as a page, and is what its address says", async () => {
    const explorer = new ExplorerPage(await pages.open("/?model=openai/gpt-oss-120b"));
    await explorer.page.locator("[data-configuration] a").first().click();
    await explorer.page.waitForURL(/\/configurations\//);
    const links = await explorer.page
      .locator('a[href^="/api/v1/reports/"]')
      .evaluateAll((items) => items.map((item) => item.getAttribute("href") ?? ""));
    expect(links.length).toBeGreaterThan(0);
    for (const link of new Set(links)) {
      const response = await fetch(`${servedProduct().baseUrl}${link}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.headers.get("x-redacted")).toBe("none");
      expect(link).toBe(`/api/v1/reports/${createHash("sha256").update(bytes).digest("hex")}`);
    }
  });
});
