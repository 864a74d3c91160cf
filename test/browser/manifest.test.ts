import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { browserPages, seenText, soon } from "./browser";
import { iq, temporaryFolder } from "./command-line";
import { ExplorerPage } from "./explorer-page";
import { manifestOfAnswer, manifestText, QUESTION, question, SLOS, shownKinds, WORKLOAD } from "./manifest-page";
import { servedProduct } from "./served-product";

const pages = browserPages();

function create(configurationId: string, ...options: string[]) {
  return iq([
    ...["manifests", "create", "--configuration", configurationId, "--workload", WORKLOAD, ...options],
    ...SLOS.flatMap((slo) => ["--slo", slo]),
    ...["--qps", "12"],
  ]);
}

/** Preview, download, HTTP API and command line: the same bytes. */
async function expectOneManifest(page: Page, configurationId: string, ...options: string[]): Promise<string> {
  const yaml = await manifestText(page);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download YAML" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^[a-z0-9-]+\.yaml$/);
  expect(readFileSync(await download.path(), "utf8")).toBe(yaml);

  const link = await page.getByRole("link", { name: "Download YAML" }).getAttribute("href");
  const response = await fetch(`${servedProduct().baseUrl}${link}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/yaml");
  expect(await response.text()).toBe(yaml);

  const printed = await create(configurationId, ...options);
  expect(printed.status, printed.stderr).toBe(0);
  expect(printed.stdout).toBe(yaml);
  return yaml;
}

describe("the manifest of the answer", () => {
  it("is the same in preview, download, HTTP API and command line, on each platform", async () => {
    const { page, configurationId } = await manifestOfAnswer(pages);
    expect(page.url()).toContain(configurationId);
    expect(await page.locator("[data-outcome]").getAttribute("data-outcome")).toBe("ranked");
    const gke = await expectOneManifest(page, configurationId, "--platform", "gke");
    const kinds = parseAllDocuments(gke).map((document) => document.get("kind"));
    for (const kind of ["Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"]) {
      expect(kinds).toContain(kind);
    }
    expect(gke).toContain("cloud.google.com/gke-accelerator");

    await question(page, "Platform").selectOption("generic");
    await page.waitForURL(/platform=generic/);
    await soon(() => manifestText(page)).not.toBe(gke);
    const generic = await expectOneManifest(page, configurationId, "--platform", "generic");
    expect(generic).not.toContain("cloud.google.com/gke-accelerator");
    await question(page, "Platform").selectOption({ label: "Google Kubernetes Engine" });
    await soon(() => manifestText(page)).toBe(gke);
  });

  it("is the same with every question answered otherwise, in the zip too", async () => {
    const { page, configurationId } = await manifestOfAnswer(pages);
    await question(page, "Platform").selectOption("eks");
    await page.waitForURL(/platform=eks/);
    await question(page, "Gateway").selectOption("istio");
    await question(page, "Monitoring").selectOption("prometheus-operator");
    await question(page, "Benchmark Job").check();
    await question(page, "Autoscaler").selectOption("keda");
    await question(page, "Namespace").fill("serving");
    await question(page, "Namespace").press("Enter");
    await page.waitForURL(/namespace=serving/);
    await soon(() => manifestText(page)).toContain("namespace: serving");
    const options = [
      ...["--platform", "eks", "--gateway", "istio", "--monitoring", "prometheus-operator"],
      ...["--benchmark-job", "--autoscaler", "keda", "--namespace", "serving"],
    ];
    const yaml = await expectOneManifest(page, configurationId, ...options);

    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download zip" }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^[a-z0-9-]+\.zip$/);
    const zip = new Uint8Array(readFileSync(await download.path()));
    const files = new Map(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));
    const name = download.suggestedFilename().replace(/\.zip$/, "");
    expect(files.get(`${name}/${name}.yaml`)).toBe(yaml);
    expect(files.get(`${name}/overlays/eks/kustomization.yaml`)).toContain("../../base");
    const folder = temporaryFolder();
    expect((await create(configurationId, ...options, "--output", "zip", "-o", `${folder}/x.zip`)).status).toBe(0);
    expect(new Uint8Array(readFileSync(`${folder}/x.zip`))).toEqual(zip);
    const tree = page.locator('[data-step="apply"] [data-command]').nth(1);
    expect(await tree.textContent()).toContain(`kubectl apply -k ${name}/overlays/eks`);
    const helm = await page.locator("[data-helm] [data-command]").first().textContent();
    const values = await fetch(/'(http[^']+)'/.exec(helm ?? "")?.[1] ?? "");
    expect(files.get(`${name}/helm/${name}.values.yaml`)).toBe(await values.text());
  });

  it("is applied from a link that is complete and copied with one press", async () => {
    const { page } = await manifestOfAnswer(pages);
    const command = page.locator('[data-step="apply"] [data-command]').first();
    await soon(() => seenText(command)).toMatch(/^\s*kubectl apply -f 'http:\/\/[^']+\/api\/v1\/manifests\?[^']+'\s*$/);
    await page.getByRole("button", { name: "Copy: Apply from the link" }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe((await seenText(command)).trim());
    const url = /'([^']+)'/.exec(copied)?.[1] ?? "";
    expect(new URL(url).origin).toBe(new URL(page.url()).origin);
    expect(await (await fetch(url)).text()).toBe(await manifestText(page));

    await page.getByRole("button", { name: "Copy YAML" }).click();
    await soon(() => page.evaluate(() => navigator.clipboard.readText())).toBe(await manifestText(page));
  });

  it("names the question it answers: dataset revision, targets and where to see them", async () => {
    const { page, configurationId } = await manifestOfAnswer(pages);
    const yaml = await manifestText(page);
    const back = /\/configurations\/[^\s"'`]+/.exec(yaml)?.[0] ?? "";
    expect(back).toContain(configurationId);
    expect(back).toContain("rev=");
    const outcome = await seenText(page.locator("[data-outcome]"));
    const again = await pages.open(back);
    expect(await seenText(again.locator("[data-outcome]"))).toBe(outcome);
    expect(await manifestText(again)).toBe(yaml);
  });
});

describe("the button of the manifest", () => {
  it.each([
    ["meta-llama/Llama-3.1-70B-Instruct", WORKLOAD, "ttft:mean:2000"],
    ["openai/gpt-oss-120b", "random-1024-1024", "ttft:mean:200"],
    ["MiniMaxAI/MiniMax-M2.5", "random-8192-1024", "ttft:mean:1000"],
    ["deepseek-ai/DeepSeek-R1-0528", "random-1024-1024", "ttft:p99:3000"],
  ])("leads to the best configuration that has one, if any has: %s", async (model, workload, slo) => {
    const search = `workload=${workload}&slo=${slo}`;
    const explorer = await new ExplorerPage(await pages.open(`/?model=${model}&${search}&all=1`)).ready();
    const ranking = await explorer.ranking();
    let first: string | null = null;
    for (const id of ranking) {
      // A server that exports no load can be deployed without what reads it.
      const alone = "autoscaler=none&monitoring=none";
      const { status } = await fetch(
        `${servedProduct().baseUrl}/api/v1/manifests?configuration=${id}&${search}&${alone}`,
      );
      expect([200, 422]).toContain(status);
      if (status === 200) {
        first = id;
        break;
      }
    }
    const button = explorer.page.getByRole("link", { name: "Get manifests" });
    expect(await button.count()).toBe(first === null ? 0 : 1);
    if (first !== null) expect(await button.getAttribute("href")).toContain(`/configurations/${first}?`);
    // Another one than the answer's is never led to in silence.
    const silent = first === ranking[0];
    expect(await explorer.page.getByText(/^No manifest is written yet for/).count()).toBe(silent ? 0 : 1);
    if (first !== null) {
      // With the answers it takes: nobody is led to a refusal.
      await button.click();
      await explorer.page.waitForURL(/\/configurations\//);
      await explorer.page.locator("[data-manifest]").first().waitFor();
      expect(await explorer.page.locator("[data-manifest-refused]").count()).toBe(0);
    }
  });
});

describe("a configuration that has no manifest", () => {
  const SEARCH = "workload=random-1024-1024&slo=ttft:mean:200";
  const TERMINAL = ["--workload", "random-1024-1024", "--slo", "ttft:mean:200"];

  it("says why on the page, over HTTP and in the terminal", async () => {
    const configurationId = "b200-sxm-180gb-x2-trtllm-eedf56c5";
    const page = await pages.open(`/configurations/${configurationId}?${SEARCH}&autoscaler=hpa`);
    const refusal = await seenText(page.locator("[data-manifest-refused]"));
    expect(refusal).toMatch(/^No manifest: .*choose the autoscaler none/);
    const reason = refusal.replace("No manifest: ", "");
    expect(await page.locator("[data-manifest]").count()).toBe(0);

    const link = `${servedProduct().baseUrl}/api/v1/manifests?configuration=${configurationId}&${SEARCH}`;
    const response = await fetch(`${link}&autoscaler=hpa`);
    expect(response.status).toBe(422);
    const said = await response.text();
    expect(said).toContain("choose the autoscaler none");
    const printed = await iq([
      ...["manifests", "create", "--configuration", configurationId],
      ...[...TERMINAL, "--autoscaler", "hpa"],
    ]);
    expect(printed).toMatchObject({ status: 1, stdout: "" });
    expect(said).toBe(`# ${reason}\n`);
    expect(printed.stderr).toContain(reason);

    await page.locator("[data-mend] a").click();
    await page.waitForURL(/autoscaler=none/);
    await soon(() => shownKinds(page)).toEqual(expect.arrayContaining(["Deployment", "Service"]));
  });

  it("does not come of options nobody chose: what the server cannot feed is left out, and said", async () => {
    const explorer = await new ExplorerPage(await pages.open(`/?model=openai/gpt-oss-120b&${SEARCH}`)).ready();
    expect(await explorer.answer()).toContain("TensorRT-LLM");
    const [configurationId = ""] = await explorer.ranking();
    const { page } = explorer;
    await page.getByRole("link", { name: "Get manifests" }).click();
    await soon(() => shownKinds(page)).toEqual(expect.arrayContaining(["Deployment", "Service"]));
    expect(await seenText(page.locator("[data-notes]"))).toContain("exports no load");
    expect(await page.getByLabel("Autoscaler").inputValue()).toBe("none");
    expect(await page.getByLabel("Autoscaler").locator("option", { hasText: "HPA" }).isDisabled()).toBe(true);

    const response = await fetch(
      `${servedProduct().baseUrl}/api/v1/manifests?configuration=${configurationId}&${SEARCH}`,
    );
    const printed = await iq(["manifests", "create", "--configuration", configurationId, ...TERMINAL]);
    expect(await response.text()).toBe(printed.stdout);
    expect(printed.status).toBe(0);
  });

  it("says which target it misses when it does not hold them", async () => {
    const explorer = await new ExplorerPage(await pages.open(`/?${QUESTION}`)).ready();
    const [configurationId = ""] = await explorer.ranking();
    const page = await pages.open(`/configurations/${configurationId}?workload=${WORKLOAD}&slo=ttft:mean:1`);
    expect(await page.locator("[data-outcome]").getAttribute("data-outcome")).toBe("nearMiss");
    expect(await seenText(page.locator("[data-manifest-refused]"))).toContain("TTFT mean");
  });
});

describe("the HTTP API of manifests", () => {
  it.each([
    ["without a configuration", "", 400, "configuration is missing"],
    ["with a target nobody understands", "configuration=x&slo=fast", 400, "slo"],
    ["for another platform", "configuration=x&platform=mainframe", 400, "platform"],
    ["in a form it does not come in", "configuration=x&output=helm", 400, "output"],
    ["of a configuration that does not exist", "configuration=no-such-thing", 422, "no-such-thing"],
    ["at a revision that does not exist", "configuration=x&rev=99999", 404, "99999"],
  ])("says what is wrong %s, as a YAML comment", async (_case, search, status, reason) => {
    const response = await fetch(`${servedProduct().baseUrl}/api/v1/manifests?${search}`);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).toContain(reason);
    expect(text).toMatch(/^# .+\n$/);
  });
});
