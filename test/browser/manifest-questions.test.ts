import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { browserPages, seenText, soon } from "./browser";
import { manifestOfAnswer, manifestText, question, shownKinds, WORKLOAD } from "./manifest-page";
import { servedProduct } from "./served-product";

const pages = browserPages();
const STAGE = path.resolve(
  import.meta.dirname,
  "../fixtures/reports/inference-perf/concurrent/stage_0_lifecycle_metrics.json",
);

describe("the questions about the cluster", () => {
  it("change the manifest at once and leave focus and scroll where they are; the way back leads back", async () => {
    const { page } = await manifestOfAnswer(pages);
    const before = await manifestText(page);
    const autoscaler = question(page, "Autoscaler");
    await autoscaler.focus();
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    // Where a reader sees it: what changes above moves the page under them, and the browser makes up for it.
    const seenAt = async () => Math.round((await autoscaler.boundingBox())?.y ?? Number.NaN);
    const top = await seenAt();
    await autoscaler.selectOption("keda");
    await page.waitForURL(/autoscaler=keda/);
    await soon(() => shownKinds(page)).toContain("ScaledObject");
    expect([await page.evaluate(() => document.activeElement?.id), await seenAt()]).toEqual(["option-autoscaler", top]);
    const changes = page.locator("[data-changes]");
    expect(await seenText(changes)).toMatch(/Your last change: \d+ lines added, \d+ lines removed/);
    await changes.locator("summary").click();
    await page.getByRole("region", { name: "Changed lines" }).getByText("kind: ScaledObject").waitFor();

    await page.goBack();
    await soon(() => manifestText(page)).toBe(before);
    expect(await autoscaler.inputValue()).toBe("");
  });

  it("do not let choose what cannot be, and say why", async () => {
    const { page } = await manifestOfAnswer(pages);
    const s3 = question(page, "Weights from").locator("option", { hasText: "S3 bucket" });
    expect(await s3.isDisabled()).toBe(true);
    expect(await s3.textContent()).toContain("written for EKS");
    const why = page.locator("[data-reasons]", { hasText: "S3 bucket" });
    await why.locator("summary").click();
    expect(await seenText(why)).toContain("The Mountpoint for S3 driver is written for EKS");
    await question(page, "Platform").selectOption("eks");
    await soon(() => s3.isDisabled()).toBe(false);
  });

  it("stay usable where there is no manifest yet", async () => {
    const { page } = await manifestOfAnswer(pages);
    await question(page, "Weights from").selectOption("gcsfuse");
    await soon(() => page.locator("[data-manifest-refused]").allTextContents()).toEqual([
      expect.stringMatching(/^Fill in “Where exactly”: gcsfuse needs the Cloud Storage bucket/),
    ]);
    await question(page, "Where exactly").fill("gs://models/llama");
    await question(page, "Where exactly").press("Enter");
    await soon(() => manifestText(page)).toContain("bucketName: models");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("option-source");
    await question(page, "Weights from").selectOption({ label: "Hugging Face hub" });
    await page.waitForURL((url) => !url.search.includes("source="));
    await soon(() => manifestText(page)).not.toContain("bucketName");
    expect(await page.locator("[data-manifest-refused]").count()).toBe(0);
  });

  it("have commands in order and prerequisites with a command that checks each", async () => {
    const { page } = await manifestOfAnswer(pages);
    await question(page, "Namespace").fill("serving");
    await question(page, "Namespace").press("Enter");
    await soon(() =>
      page.locator("[data-step]").evaluateAll((steps) => steps.map((step) => step.getAttribute("data-step"))),
    ).toEqual(["namespace", "secret", "replicas", "apply", "watch", "test"]);
    const needs = page.locator("[data-prerequisites] > li");
    expect(await needs.count()).toBeGreaterThan(1);
    expect(await seenText(needs.first().locator("[data-command]").first())).toMatch(/^kubectl get nodes/);
  });
});

describe("a number that comes from the measurement", () => {
  it("says from which operating point, and leads to the run", async () => {
    const { page } = await manifestOfAnswer(pages);
    const note = page.locator("[data-note]", { hasText: "measured with" });
    expect(await note.getAttribute("title")).toMatch(
      /^From the operating point, (measured|interpolated|at least).*; run [0-9a-f]+/,
    );
    await note.click();
    await page.waitForURL(/\/runs\/[0-9a-f]+/);
  });
});

describe("a benchmark in the cluster", () => {
  it("stands beside what was predicted, once its report is here", async () => {
    const configuration = "h100-sxm-80gb-x4-vllm-e0385374";
    const address = `/configurations/${configuration}?workload=${WORKLOAD}&bench=1`;
    const page = await pages.open(address);
    expect(await page.locator("[data-in-cluster]").count()).toBe(0);
    const job = parseAllDocuments(await manifestText(page)).map((document) => document.toJS());
    const facts = job.find((object) => object.kind === "ConfigMap" && object.metadata.name.endsWith("-bench"));
    const form = new FormData();
    form.append("f", new Blob([facts.data["iq.yaml"]]), "results/iq.yaml");
    form.append("f", new Blob([readFileSync(STAGE)]), "results/stage_0_lifecycle_metrics.json");
    const sent = await fetch(`${servedProduct().baseUrl}/api/v1/reports`, { method: "POST", body: form });
    expect(sent.status, await sent.clone().text()).toBe(200);
    const [run] = (await sent.json()).runs;
    try {
      await page.goto(address);
      const table = page.locator("[data-in-cluster]");
      expect(await seenText(table)).toContain("8 in flight");
      const row = table.getByRole("row", { name: /TTFT mean/ });
      // 2,476 ms were measured elsewhere, 100 ms in this report.
      expect((await seenText(row)).split("\t").map((cell) => cell.trim())).toEqual([
        ...["TTFT mean, ms", "2,476", "100", "4.04%"],
      ]);
    } finally {
      await fetch(`${servedProduct().baseUrl}/api/v1/runs/${run.runId}/retire`, { method: "POST" });
    }
  });
});
