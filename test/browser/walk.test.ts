import { describe, expect, it } from "vitest";
import { formatNumber, formatUsd } from "@/lib/format";
import { browserPages, seenText, soon } from "./browser";
import { iq, iqRank } from "./command-line";
import { ExplorerPage } from "./explorer-page";

const pages = browserPages();

async function explorer(path = "/"): Promise<ExplorerPage> {
  return new ExplorerPage(await pages.open(path)).ready();
}

describe("the main job", () => {
  it("goes from the first page to one's own answer; every step is in the sentence and in the link", async () => {
    const page = await explorer();
    let answer = await page.answer();
    expect(answer).toMatch(
      /^\d+× .+ serves it for (at most )?\$[\d.,]+ per million output tokens: (at least )?[\d,.]+ output tokens\/s/,
    );

    await page.chooseModel("llama-3.3-70b", "Llama-3.3-70B-Instruct");
    answer = await page.answerOtherThan(answer);
    await soon(() => page.query().get("model")).toBe("meta-llama/Llama-3.3-70B-Instruct");

    const workloads = await page.openEditor("Workload:");
    await workloads.getByRole("button", { name: /8,192 in, 1,024 out.*\d+ load points, \d+ configurations/ }).click();
    await page.pill("Workload: 8,192 in, 1,024 out").waitFor();
    answer = await page.answerOtherThan(answer);
    await soon(() => page.query().get("workload")).toBe("random-8192-1024");

    const presets = await page.openEditor("Add a target");
    await presets.getByRole("button", { name: /^Code completion/ }).click();
    await page.pill("Target: TTFT p95 ≤ 100 ms").waitFor();
    await soon(() => page.query().getAll("slo")[0]).toBe("ttft:p95:100");
    await soon(() => page.query().getAll("slo")).toHaveLength(2);
    answer = await page.answerOtherThan(answer);

    await page.setTarget("Target: TTFT", { statistic: "mean", limitMs: 1500 });
    answer = await page.answerOtherThan(answer);
    await soon(() => page.query().getAll("slo")[0]).toBe("ttft:mean:1500");

    const second = await page.openEditor("Target: (TPOT|ITL)");
    await second.getByRole("button", { name: "Remove this target" }).click();
    await soon(() => page.query().getAll("slo")).toEqual(["ttft:mean:1500"]);
    answer = await page.answerOtherThan(answer);

    await page.setTarget("Add a target", { metric: "TPOT", statistic: "mean", limitMs: 12 });
    await soon(() => page.query().getAll("slo")).toEqual(["ttft:mean:1500", "tpot:mean:12"]);
    answer = await page.answerOtherThan(answer);
    expect(answer).toMatch(/TTFT mean .+, TPOT mean .+\.$/);

    let notes = await page.notes();
    const demand = await page.openEditor("Demand:");
    await demand.getByRole("textbox", { name: "Requests per second" }).fill("12");
    await demand.getByRole("button", { name: "Set" }).click();
    await soon(() => page.notes()).toMatch(
      /\d+ replicas? carr(y|ies) 12 req\/s with 20% headroom for (at most )?\$[\d,.]+ a month/,
    );
    expect(await page.notes()).not.toBe(notes);
    await soon(() => page.query().get("qps")).toBe("12");

    notes = await page.notes();
    const provider = await page.openEditor("Price:");
    await provider.getByLabel("Provider").selectOption("gcp");
    await provider.getByRole("button", { name: "Set" }).click();
    await soon(() => page.notes()).toContain("price gcp, on demand");
    await soon(() => page.query().get("provider")).toBe("gcp");
    answer = await page.answerOtherThan(answer);

    const own = await page.openEditor("Price:");
    await own.getByLabel(/your own/).fill("1.25");
    await own.getByRole("button", { name: "Set" }).click();
    await soon(() => page.notes()).toContain("your own price, $1.25 an hour each");
    await soon(() => page.query().get("usd")).toBe("1.25");
    answer = await page.answerOtherThan(answer);

    const before = { answer, notes: await page.notes(), rows: await page.ranking(), url: page.page.url() };
    await page.page.reload();
    await page.ready();
    expect({
      answer: await page.answer(),
      notes: await page.notes(),
      rows: await page.ranking(),
      url: page.page.url(),
    }).toEqual(before);
  });

  it("finds models by name or id, and says which have no data", async () => {
    const page = await explorer();
    const editor = await page.openEditor("Model:");
    await editor.getByRole("combobox").fill("openai/");
    await soon(() => seenText(editor.getByRole("option").first())).toContain("openai/gpt-oss");
    await editor.getByRole("combobox").fill("no such model anywhere");
    await editor.getByText("No such model in the catalogue.").waitFor();
  });

  it("leads back to the model before, and forward again", async () => {
    const page = await explorer("/?model=openai/gpt-oss-120b");
    const first = await page.answer();
    await page.chooseModel("minimax-m2.5", "MiniMax-M2.5");
    const second = await page.answerOtherThan(first);
    await page.page.goBack();
    await soon(() => page.answer()).toBe(first);
    await page.pill("Model: gpt-oss-120b").waitFor();
    await page.page.goForward();
    await soon(() => page.answer()).toBe(second);
  });
});

describe("the page and the command line", () => {
  const QUESTIONS: { model: string; workload: string; slos: string[]; qps?: string }[] = [
    { model: "openai/gpt-oss-120b", workload: "random-1024-1024", slos: ["ttft:mean:200"] },
    {
      model: "deepseek-ai/DeepSeek-R1-0528",
      workload: "random-1024-1024",
      slos: ["ttft:p99:3000", "tpot:p99:30"],
      qps: "40",
    },
    { model: "MiniMaxAI/MiniMax-M2.5", workload: "random-8192-1024", slos: ["ttft:mean:1000", "tpot:mean:30"] },
    { model: "meta-llama/Llama-2-70b-chat-hf", workload: "mlperf-openorca-server", slos: ["ttft:p99:2000"] },
    { model: "meta-llama/Llama-3.3-70B-Instruct", workload: "random-1024-8192", slos: [] },
  ];

  it.each(QUESTIONS)("give one answer for $model, $workload, $slos", async ({ model, workload, slos, qps }) => {
    const asked = [...slos.flatMap((slo) => ["--slo", slo]), ...(qps === undefined ? [] : ["--qps", qps])];
    const search = new URLSearchParams({ model, workload, all: "1", ...(qps === undefined ? {} : { qps }) });
    for (const slo of slos.length === 0 ? ["none"] : slos) search.append("slo", slo);
    const [rank, words, page] = await Promise.all([
      iqRank(["--model", model, "--workload", workload, ...asked]),
      iq(["rank", "--model", model, "--workload", workload, ...asked]),
      explorer(`/?${search}`),
    ]);
    const best = rank.ranked[0];
    if (best === undefined) throw new Error("a question with an answer is wanted");

    expect(await page.ranking()).toEqual(rank.ranked.map((row) => row.configurationId));
    const answer = await page.answer();
    expect(answer).toContain(`${formatNumber(best.operatingPoint.outputTokensPerSecond)} output tokens/s`);
    expect(answer).toContain(
      best.usdPerMillionOutputTokens === null
        ? "at an unknown price"
        : `${formatUsd(best.usdPerMillionOutputTokens)} per million output tokens`,
    );
    if (best.replicas !== null) expect(await page.notes()).toContain(`${formatNumber(best.replicas)} replica`);
    const costs = await page.rankingColumn("$ / M out");
    expect(costs.map((text) => text.replace(/\s+/g, " "))).toEqual(
      rank.ranked.map(
        ({ usdPerMillionOutputTokens: usd, operatingPoint, breakEvenUsdPerAcceleratorHour: breakEven }) => {
          if (usd !== null) return `${operatingPoint.kind === "atLeast" ? "≤ " : ""}${formatUsd(usd)}`;
          return breakEven === null ? "price unknown" : `price unknown wins below ${formatUsd(breakEven)}/h`;
        },
      ),
    );
    // In words too: the sentence of the terminal is the sentence of the page.
    expect(words.stdout.split("\n")).toContain(answer);
  });
});
