import { describe, expect, it } from "vitest";
import { browserPages, soon } from "./browser";
import { iq } from "./command-line";
import { ExplorerPage } from "./explorer-page";
import { servedProduct } from "./served-product";

const pages = browserPages();

const ASKED = "model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:mean:2000&slo=tpot:mean:50";
const SAID = [
  ...["rank", "--model", "openai/gpt-oss-120b", "--workload", "random-1024-1024"],
  ...["--slo", "ttft:mean:2000", "--slo", "tpot:mean:50"],
];

async function opened(search: string): Promise<ExplorerPage> {
  return new ExplorerPage(await pages.open(`/?${search}`)).ready();
}

/**
 * By hand, for all of them: one B200 with TensorRT-LLM made 14,368 output tokens/s with 256 requests in flight, in answers of 1,024:
 * 14.0 requests/s, 11.2 with 20% headroom. It costs $4.89 an hour.
 */
describe("a manager with a budget", () => {
  it("asks for a month of 20 requests/s: two replicas on two machines, 2 × 4.89 × 730 dollars", async () => {
    const page = await opened(`${ASKED}&qps=20`);
    expect(await page.answer()).toMatch(/^1× B200/);
    expect(await page.notes()).toContain(
      "2 replicas carry 20 req/s with 20% headroom for at most $7,139 a month (2 × 1B200.30V)",
    );
    const words = await iq([...SAID, "--qps", "20"]);
    expect(words.stdout).toContain("2 replicas carry 20 req/s with 20% headroom for at most $7,139 a month");
  });

  it("asks for two billion tokens a day with three times as many at the peak: 69,444 tokens/s take seven replicas", async () => {
    const page = await opened(`${ASKED}&demand=tokens-a-day:2000000000:3`);
    // 69,444 ÷ (14,368 × 0.8) = 6.04.
    expect(await page.notes()).toContain("7 replicas carry 2,000,000,000 output tokens a day, 3 × at the peak");
    expect(await page.notes()).toContain("for at most $24,988 a month");
  });

  it("pastes a day: two replicas in its nine busy hours, one in the others", async () => {
    const day = [1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 16, 20, 20, 18, 16, 16, 14, 12, 10, 8, 6, 4, 2, 1];
    const page = await opened(`${ASKED}&demand=day:${day.join(",")}`);
    const over = page.page.getByText(/^Over the day:/);
    await over.waitFor();
    // 11.2 requests/s each: from 12 on two are needed, nine hours; 24 + 9 accelerator-hours, 33 ÷ 24 × 4.89 × 730 dollars.
    expect(await over.innerText()).toContain("33 accelerator-hours, $4,908 a month if machines follow the demand");
  });

  it("has half off at one provider and reckons in euros: 2 × p5.48xlarge at half of $55.04, half a euro a dollar", async () => {
    const page = await opened(`${ASKED}&qps=20&provider=aws&discount=aws:50&currency=EUR:0.5`);
    // 2 × H100: 4,272 tokens/s, 3.3 requests/s with headroom: six replicas, four of which fit a machine of eight.
    expect(await page.notes()).toContain(
      "6 replicas carry 20 req/s with 20% headroom for at most €20,090 a month (2 × p5.48xlarge)",
    );
    expect(await page.notes()).toContain("€1.72 an hour each after 50% off");
    const words = await iq([
      ...SAID,
      "--qps",
      "20",
      "--provider",
      "aws",
      "--discount",
      "aws:50",
      "--currency",
      "EUR:0.5",
    ]);
    expect(words.stdout).toContain("for at most €20,090 a month (2 × p5.48xlarge)");
  });

  it("sees what a million tokens cost at half use, split between input and output", async () => {
    const page = await opened(ASKED);
    const cost = page.page.locator("[data-token-cost]");
    await cost.locator("summary").click();
    // $0.0945 on the output alone; input of equal length at a quarter: 0.0945 ÷ 1.25, twice that at half use.
    const row = cost
      .getByRole("row")
      .filter({ has: page.page.getByRole("rowheader", { name: "output", exact: true }) });
    await soon(() => row.innerText()).toMatch(/≤ \$0\.0756\s+≤ \$0\.11\s+≤ \$0\.15\s+≤ \$0\.25/);
  });
});

describe("an engineer who distrusts a figure", () => {
  it("counts weights of at least FP8 alone: nothing is left of a model of 4 bits, and it says so", async () => {
    const page = await opened(ASKED);
    const before = await page.answer();
    const editor = await page.openEditor("Which figures count:");
    await editor.getByLabel("Weights of at least").selectOption("FP8");
    await editor.getByRole("button", { name: "Set" }).click();
    await soon(() => page.answer()).toBe("Nothing is left by the filter: FP8 or more.");
    await soon(() => page.query().get("precision")).toBe("fp8");
    await page.page
      .getByText(/measured here with FP4 weights only/)
      .first()
      .waitFor();
    await page.page.getByRole("button", { name: "Count all figures" }).click();
    await soon(() => page.answer()).toBe(before);
  });

  it("asks for a percentile nobody measured: estimated and said so, or not compared where estimates are off", async () => {
    const search = "model=openai/gpt-oss-120b&workload=random-1024-1024&slo=ttft:p95:2000";
    const page = await opened(search);
    expect(await page.answer()).toContain("TTFT p95 estimated at most");
    await soon(() => page.page.locator("[data-grade]").first().getAttribute("data-grade")).toBe("estimated");
    await page.page.getByLabel("With estimated percentiles").uncheck();
    await soon(() => page.answer()).toBe("Not comparable: nobody measured TTFT p95 here.");
  });

  it("says the lengths of their own requests, and is told what the nearest measured ones have otherwise", async () => {
    const page = await opened(ASKED);
    const editor = await page.openEditor("Workload:");
    await editor.getByLabel("Tokens in").fill("2000");
    await editor.getByLabel("Tokens out").fill("300");
    await editor.getByRole("button", { name: "Find the nearest" }).click();
    await page.pill("Workload: 2,000 in, 300 out tokens").waitFor();
    // Of the measured lengths 5,000 in and 500 out are 2.5 and 1.67 times as long; 1,024 and 1,024 half and 3.4 times.
    await page.page
      .getByText(
        "this was measured with prompts of 5,000 instead of 2,000 tokens, 2.5 × as long; answers of 500 instead of 300",
      )
      .waitFor();
    await soon(() => page.query().get("lengths")).toBe("2000:300");
    await page.page.getByRole("link", { name: "1,024 in, 1,024 out" }).first().waitFor();
  });

  it("looks what would change the answer, presses one change, and gets what it said", async () => {
    const page = await opened(ASKED);
    const strip = page.page.locator("[data-crossovers]");
    await strip.locator("summary").click();
    // The winner's TTFT is 203 ms: below that it falls out, and two B200 are next.
    const change = strip.getByRole("button", { name: /TTFT mean ≤ 202 ms/ });
    await change.click({ timeout: 30_000 });
    await soon(() => page.answer()).toMatch(/^2× B200/);
    await soon(() => page.query().getAll("slo")).toContain("ttft:mean:202");
  });

  it("has an accelerator nobody measured: the Job that would is one line away", async () => {
    const page = await opened(`${ASKED}&have=l40s-48gb:8`);
    const measure = page.page.locator('[data-measure="l40s-48gb"]');
    await measure.locator("summary").click();
    const command = await measure.locator("[data-command]").innerText();
    expect(command).toMatch(
      /^kubectl apply -f 'http.*measuring-job\?model=openai\/gpt-oss-120b&accelerator=l40s-48gb&lengths=1024:1024'$/,
    );
    const address = /'(.*)'/.exec(command)?.[1] ?? "";
    const response = await fetch(address.replace(/^https?:\/\/[^/]+/, servedProduct().baseUrl));
    expect(response.status).toBe(200);
    const yaml = await response.text();
    for (const kind of ["ConfigMap", "PersistentVolumeClaim", "Job"]) expect(yaml).toContain(`kind: ${kind}`);
  });
});
