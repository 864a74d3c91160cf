import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { browserPages, seenText, soon } from "./browser";
import { iq, iqRank, temporaryFolder } from "./command-line";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();

/** A model that no other test looks at: these tests change its data. */
const MODEL = "Qwen/Qwen3-32B";
const WORKLOAD = "random-1024-512";
const QUESTION = `/?model=${MODEL}&workload=${WORKLOAD}&slo=ttft:mean:5000`;

/** A point of a new server version, far cheaper than any other: the answer must become this one. */
function wonder(version: string): string {
  const columns = {
    source_name: "wonder-lab",
    measured_on: "2026-09-01",
    model: MODEL,
    accelerator: "h100-sxm-80gb",
    accelerator_count: "1",
    server: "vllm",
    server_version: version,
    precision: "fp8",
    tensor_parallelism: "1",
    dataset: "random",
    input_tokens: "1024",
    output_tokens: "512",
    load_kind: "concurrency",
    load_value: "128",
    output_tokens_per_second: "9000",
    ttft_ms_mean: "100",
    tpot_ms_mean: "14.05",
  };
  return `${Object.keys(columns).join(",")}\n${Object.values(columns).join(",")}\n`;
}

async function ingest(version: string): Promise<void> {
  const file = path.join(temporaryFolder(), "wonder.csv");
  writeFileSync(file, wonder(version));
  const result = await iq(["ingest", file]);
  expect(result.status, result.stderr).toBe(0);
}

/** Everything a reader could compare. */
async function numbers(page: ExplorerPage) {
  return {
    answer: await page.answer(),
    notes: await page.notes(),
    rows: await page.page.locator("[data-configuration]").allInnerTexts(),
    drawn: await page.drawnPoints(),
  };
}

describe("a share link", () => {
  it("shows the same numbers after new data changed the answer, and leads to the new one", async () => {
    const page = await new ExplorerPage(
      await pages.open(QUESTION, { permissions: ["clipboard-read", "clipboard-write"] }),
    ).ready();
    const before = await numbers(page);
    expect(before.answer).not.toContain("0.99.1");
    await page.page.getByRole("button", { name: "Share" }).click();
    const field = page.page.getByRole("textbox", { name: /This link shows these numbers for good/ });
    const link = await field.inputValue();
    expect(new URL(link).origin).toBe(new URL(page.page.url()).origin);
    const { pathname } = new URL(link);
    expect(pathname).toMatch(/^\/s\/[\w-]+$/);
    expect(await page.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    expect(await seenText(page.page.locator('[data-notice="only-this-machine"]'))).toContain(
      "Only this machine opens it",
    );

    await ingest("0.99.1");

    const shared = await new ExplorerPage(await pages.open(pathname)).ready();
    expect(await numbers(shared)).toEqual(before);
    const notice = shared.page.locator('[data-notice="stale"]');
    expect(await seenText(notice)).toContain("Newer data exists");
    // Both first rows, so that nobody has to open the new answer to know whether it matters.
    const [pinned = "", newest = ""] = (await seenText(notice.locator('[data-newer="changed"]'))).split("\n");
    expect(pinned).toMatch(/^Then: \d+× .* per million output tokens/);
    expect(pinned).not.toContain("0.99.1");
    expect(newest).toMatch(/^Today: 1× H100 SXM, vLLM 0\.99\.1 · FP8.* per million output tokens/);
    await notice.getByRole("link").click();
    await soon(() => shared.answer()).toMatch(/^1× H100 SXM, FP8, vLLM 0\.99\.1 serves it /);
    await soon(() => shared.query().has("rev")).toBe(false);
    expect(await shared.page.locator('[data-notice="stale"]').count()).toBe(0);
    const today = await numbers(await shared.ready());

    const live = await new ExplorerPage(await pages.open(QUESTION)).ready();
    expect(await numbers(live)).toEqual(today);
    const rank = await iqRank(["--model", MODEL, "--workload", WORKLOAD, "--slo", "ttft:mean:5000"]);
    expect(rank.ranked[0]).toMatchObject({ accelerator: "h100-sxm-80gb", serverVersion: "0.99.1" });
  });

  it("stays at its revision when the question is changed there, and through to the configuration", async () => {
    const page = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const old = await page.answer();
    await page.page.getByRole("button", { name: "Share" }).click();
    const link = await page.page.locator("[data-share-url]").inputValue();
    await ingest("0.99.2");

    const shared = await new ExplorerPage(await pages.open(new URL(link).pathname)).ready();
    await shared.setTarget("Target: TTFT", { limitMs: 4900 });
    await soon(() => shared.query().get("rev")).toMatch(/^\d+$/);
    expect(await shared.answer()).not.toContain("0.99.2");
    expect((await shared.answer()).split(" serves")[0]).toBe(old.split(" serves")[0]);
    expect(await shared.page.locator('[data-notice="stale"]').count()).toBe(1);

    await shared.page.locator("[data-configuration] a").first().click();
    await shared.page.waitForURL(/\/configurations\//);
    expect(await seenText(shared.page.locator('[data-notice="stale"]'))).toContain("Newer data exists");
  });

  it("keeps its axis with its targets where these are changed there", async () => {
    const page = await new ExplorerPage(await pages.open(QUESTION)).ready();
    await page.page.getByRole("button", { name: "Share" }).click();
    const link = await page.page.locator("[data-share-url]").inputValue();
    const shared = await new ExplorerPage(await pages.open(new URL(link).pathname)).ready();
    await shared.setTarget("Target: TTFT", { metric: "TPOT", limitMs: 40 });
    await soon(() => shared.query().get("slo")).toMatch(/^tpot:/);
    expect(shared.query().has("y")).toBe(false);
  });

  it("is the same link for the same question and revision", async () => {
    const links: string[] = [];
    for (let visit = 0; visit < 2; visit += 1) {
      const page = await new ExplorerPage(await pages.open(QUESTION)).ready();
      await page.page.getByRole("button", { name: "Share" }).click();
      links.push(await page.page.locator("[data-share-url]").inputValue());
    }
    expect(links[0]).toBe(links[1]);
  });

  it("is made without JavaScript too", async () => {
    const page = new ExplorerPage(await pages.open(QUESTION, { javaScriptEnabled: false }));
    const answer = await page.answer();
    await page.page.getByRole("button", { name: "Share" }).click();
    await page.page.waitForURL(/\/s\/[\w-]+$/);
    expect(await page.answer()).toBe(answer);
  });
});
