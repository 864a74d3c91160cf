import { beforeAll, describe, expect, it } from "vitest";
import { browserPages, NARROW, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";
import { bring } from "./runs-lab";

const MODEL = "example-lab/Very-Many";
const CONFIGURATIONS = 510;
const LOADS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

const pages = browserPages();

/** Sweeps of many versions on two accelerators; what latency and throughput are differs from one to the next. */
function sweeps(): string {
  const header =
    "source_name,measured_on,model,accelerator,accelerator_count,server,server_version,precision,workload,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_mean,ttft_ms_p99,tpot_ms_mean,tpot_ms_p99";
  const lines = Array.from({ length: CONFIGURATIONS }, (_, index) => {
    const speed = 1 + ((index * 37) % 101) / 100;
    const accelerator = index % 2 === 0 ? "h100-sxm-80gb" : "h200-sxm-141gb";
    return LOADS.map((load) => {
      const tpotMs = (12 + load * 0.2) / speed;
      const ttftMs = (60 + load * 4) * (1 + (index % 7) / 20);
      const tokens = (load * 256 * 1000) / (ttftMs + tpotMs * 255);
      const facts = `lab-many,2026-08-01,${MODEL},${accelerator},1,vllm,0.${index}.0,bf16,many-1024-256,random,1024,256`;
      return [facts, "concurrency", load, tokens, ttftMs, ttftMs * 2, tpotMs, tpotMs * 1.2].join(",");
    });
  });
  return `${[header, ...lines.flat()].join("\n")}\n`;
}

describe("a model with very many load points", () => {
  beforeAll(async () => {
    await bring("sweeps.csv", sweeps());
  });

  const summary = (page: ExplorerPage) => page.page.locator('[data-notice="summary"]');
  const open = async (query: string) => new ExplorerPage(await pages.open(`/?model=${MODEL}${query}`)).ready();

  it("is answered as all of it says, by a page that holds a part, says so, and gives all when asked", async () => {
    const part = await open("");
    const said = await summary(part).innerText();
    expect(said).toContain("those of all 5,100 load points of 510 configurations");
    expect(Number(/holds ([\d,]+) of them/.exec(said)?.[1]?.replace(",", ""))).toBeLessThan(5000);
    const [answer, drawn] = [await part.answer(), await part.drawnPoints()];
    await summary(part).getByRole("link", { name: "Show all of them" }).click();
    await soon(() => summary(part).count()).toBe(0);
    expect(await part.ranking()).toHaveLength(CONFIGURATIONS);
    expect(part.query().get("all")).toBe("1");
    expect(await part.answer()).toBe(answer);
    expect(await part.drawnPoints()).toEqual(drawn);
  });

  it("is asked of the server when a reader changes the question, and the page stays where it is", async () => {
    const page = await open("&slo=ttft:p99:2000");
    const before = await page.answer();
    await page.setTarget("Target: TTFT", { limitMs: 300 });
    const after = await page.answerOtherThan(before);
    await soon(() => page.query().getAll("slo")[0]).toBe("ttft:p99:300");
    await page.pill("Target: TTFT p99 ≤ 300 ms").waitFor();
    expect(await summary(page).count()).toBe(1);
    const anew = await open("&slo=ttft:p99:300");
    expect(await anew.answer()).toBe(after);
    expect(await anew.drawnPoints()).toEqual(await page.drawnPoints());
    await page.page.goBack();
    expect(await page.answerOtherThan(after)).toBe(before);
    await page.pill("Target: TTFT p99 ≤ 2 s").waitFor();
  });

  it("says so on a phone, too", async () => {
    const page = await pages.open(`/?model=${MODEL}`, { viewport: NARROW });
    expect(await page.locator('[data-notice="summary"]').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
  });
});
