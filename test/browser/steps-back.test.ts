import { describe, expect, it } from "vitest";
import { browserPages, soon } from "./browser";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();
const QUESTION = "/?model=meta-llama/Llama-3.1-70B-Instruct&workload=random-10000-1000&slo=ttft:mean:2000";

describe("the browser's back button", () => {
  it("undoes one step after another, each as it was, and forward does them again", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    const first = await explorer.answer();
    await explorer.setTarget("Target: TTFT", { limitMs: 900 });
    await soon(() => explorer.query().get("slo")).toBe("ttft:mean:900");
    const second = await explorer.answerOtherThan(first);
    await explorer.axis("Throughput").selectOption({ label: "per deployment" });
    await soon(() => explorer.query().get("x")).toBe("deployment");
    await page.getByLabel("Rank by").selectOption({ label: "Lowest latency" });
    await soon(() => explorer.query().get("rank")).toBe("latency");

    await page.goBack();
    await soon(() => page.getByLabel("Rank by").inputValue()).toBe("cost");
    expect(explorer.query().get("x")).toBe("deployment");
    expect(await explorer.axis("Throughput").inputValue()).toBe("deployment");
    await page.goBack();
    await soon(() => explorer.axis("Throughput").inputValue()).toBe("accelerator");
    expect(await explorer.answer()).toBe(second);
    await page.goBack();
    await soon(() => explorer.answer()).toBe(first);
    expect(explorer.query().get("slo")).toBe("ttft:mean:2000");
    await page.goForward();
    await soon(() => explorer.answer()).toBe(second);
  });

  it("takes a limit that was moved with many keys back at once", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    await explorer.limitLine().focus();
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press("ArrowDown");
      // As long as a reader looks before pressing again: each press is written to the address.
      const pressed = await explorer.limitLine().getAttribute("aria-valuenow");
      await soon(() => explorer.query().get("slo")).toBe(`ttft:mean:${pressed}`);
    }
    await page.goBack();
    await soon(() => explorer.limitLine().getAttribute("aria-valuenow")).toBe("2000");
  });

  it("leads back to the model before, and to its last question", async () => {
    const explorer = await new ExplorerPage(await pages.open(QUESTION)).ready();
    const { page } = explorer;
    await explorer.setTarget("Target: TTFT", { limitMs: 900 });
    await soon(() => explorer.query().get("slo")).toBe("ttft:mean:900");
    const before = await explorer.answer();
    await explorer.chooseModel("gpt-oss-120b", "gpt-oss-120b");
    await page.goBack();
    await explorer.pill("Model: Llama-3.1-70B").waitFor();
    await soon(() => explorer.answer()).toBe(before);
    await page.goBack();
    await soon(() => explorer.query().get("slo")).toBe("ttft:mean:2000");
  });
});
