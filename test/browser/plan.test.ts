import { describe, expect, it } from "vitest";
import { browserPages, soon } from "./browser";
import { iq } from "./command-line";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();

const ASKED = "model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:2000&slo=tpot:mean:50";

describe("a platform engineer with a cluster", () => {
  /**
   * By hand: 2 × H100 was measured with up to 64 requests in flight, which met the targets. People who do not think are the
   * requests in flight: with 20% headroom 51.2 a replica, so 300 people take six replicas, 12 of 16 accelerators.
   */
  it("asks for 300 people on 16 H100 and 8 L40S, and is told what to deploy and what is left", async () => {
    const page = await new ExplorerPage(await pages.open(`/?${ASKED}`)).ready();
    const demand = await page.openEditor("Demand:");
    await demand.getByLabel("Demand in").selectOption("people at once");
    await demand.getByRole("textbox", { name: "People at once" }).fill("300");
    await demand.getByRole("button", { name: "Set" }).click();
    await page.pill("Demand: 300 people at once").waitFor();

    const stock = await page.openEditor("Accelerators:");
    await stock.getByLabel("Accelerators you have").fill("16 H100, 8 L40S, 2 H1000");
    await stock.getByRole("button", { name: "Set" }).click();
    await stock.getByText("“H1000” is no accelerator of the catalogue.").waitFor();
    await stock.getByLabel("Accelerators you have").fill("16 H100, 8 L40S");
    await stock.getByRole("button", { name: "Set" }).click();
    await page.pill("Accelerators: my 16 H100 SXM, 8 L40S").waitFor();

    await soon(() => page.answer()).toMatch(/^2× H100 SXM/);
    expect(await page.notes()).toContain(
      "6 replicas carry 300 people at once with 20% headroom, taking 12 of your 16, 4 left",
    );
    await soon(() => page.query().getAll("have")).toEqual(["h100-sxm-80gb:16", "l40s-48gb:8"]);
    expect(page.query().get("demand")).toBe("people:300:0");
    await page.page.getByText(/^L40S: not measured here\./).waitFor();

    const asked = ["--slo", "ttft:mean:2000", "--slo", "tpot:mean:50", "--demand", "people:300:0"];
    const words = await iq([
      ...["rank", "--model", "openai/gpt-oss-120b", "--workload", "random-1024-1024", ...asked],
      ...["--have", "16 H100, 8 L40S"],
    ]);
    expect(words.stdout).toContain(
      "6 replicas carry 300 people at once with 20% headroom, taking 12 of your 16, 4 left",
    );
  });

  it("finds the same plan behind a link that names accelerators as people do, and is offered to buy what is missing", async () => {
    const page = await new ExplorerPage(await pages.open(`/?${ASKED}&demand=people:3000:0&have=H100:16`)).ready();
    // Eight replicas of two are all that 16 hold: 8 × 51.2 people.
    expect(await page.notes()).toContain("8 replicas carry 410 people at once");
    const stock = await page.openEditor("Accelerators:");
    await stock.getByLabel("Buy more where they do not hold the demand").check();
    await stock.getByRole("button", { name: "Set" }).click();
    await soon(() => page.query().get("buy")).toBe("1");
    await soon(() => page.notes()).toContain("replicas carry 3,000 people at once");
  });
});
