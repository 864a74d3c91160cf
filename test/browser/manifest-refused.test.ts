import { describe, expect, it } from "vitest";
import { browserPages, NARROW, seenText, soon } from "./browser";
import { manifestText, question, shownKinds, WORKLOAD } from "./manifest-page";

const pages = browserPages();
const PLAIN = `/configurations/h100-sxm-80gb-x4-vllm-e0385374?workload=${WORKLOAD}`;
/** Measured with prefill and decode on separate servers. */
const APART = "/configurations/h100-sxm-80gb-x16-vllm-4c6caa2e";
/** TensorRT-LLM 1.0.0rc3, which exports no load, asked to scale by it. */
const WITHOUT_METRICS = "/configurations/h100-sxm-80gb-x2-trtllm-ad311bcf?monitoring=prometheus-operator";
/** DeepSpeed, of which no option makes a server. */
const NO_SERVER = "/configurations/gaudi2-96gb-x8-deepspeed-8fe38d78";

describe("a configuration without a manifest", () => {
  it.each([
    ["whose server exports no load", WITHOUT_METRICS, "Deployment"],
    ["with prefill and decode apart", APART, "HTTPRoute"],
  ])("%s says what to change, with a link that changes it", async (_, address, kind) => {
    const page = await pages.open(address);
    expect(await seenText(page.locator("[data-manifest-refused]"))).toContain("No manifest");
    await page.locator("[data-mend] a").click();
    await soon(() => shownKinds(page)).toContain(kind);
    expect(await page.locator("[data-manifest-refused]").count()).toBe(0);
  });

  it("whatever is left out leads to other configurations of the model", async () => {
    const page = await pages.open(NO_SERVER);
    await page.locator("[data-no-mend] a").click();
    await page.waitForURL(
      (url) => url.pathname === "/" && url.searchParams.get("model") === "meta-llama/Meta-Llama-3-8B",
    );
  });
});

describe("answers that do not fit together", () => {
  it("are all named, those of a line of text at the line, and one link mends them", async () => {
    const page = await pages.open(`${PLAIN}&platform=eks&gateway=gke&storage=gcsfuse&namespace=Bad_Name`);
    const reasons = page.locator("[data-manifest-refused] li");
    expect(await reasons.count()).toBe(4);
    const namespace = question(page, "Namespace");
    expect(await namespace.getAttribute("aria-invalid")).toBe("true");
    expect(await seenText(page.locator("[data-field-problem]"))).toContain("A namespace has lower-case letters");
    expect(await page.getByLabel("Benchmark Job").isDisabled()).toBe(false);
    await page.locator("[data-mend] a").click();
    await soon(() => manifestText(page)).toContain("kind: Deployment");
    expect(await namespace.inputValue()).toBe("");
  });
});

describe("llm-d's router chart", () => {
  it("has its two commands behind a gateway, whose links give the files", async () => {
    const page = await pages.open(`${PLAIN}&platform=generic&gateway=istio&namespace=llm`);
    const shown = () => page.locator("[data-helm] [data-command]").allTextContents();
    await soon(shown).toEqual([
      expect.stringMatching(
        /^helm upgrade --install \S+ oci:\/\/ghcr.io\/llm-d\/\S+ --version v0\.10\.0 -n llm -f 'http/,
      ),
      expect.stringMatching(/^kubectl apply -f 'http/),
    ]);
    const commands = await shown();
    const [values, objects] = await Promise.all(
      commands.map(async (command) => {
        const answer = await fetch(/'(.*)'/.exec(command)?.[1] ?? "");
        expect(answer.status).toBe(200);
        return answer.text();
      }),
    );
    expect(values).toContain("pluginsCustomConfig:");
    expect(objects).toContain("kind: Gateway");
    expect(objects).not.toContain("kind: InferencePool\nmetadata");
  });

  it("is not offered where no gateway asks it", async () => {
    const page = await pages.open(PLAIN);
    await page.locator("[data-steps]").waitFor();
    expect(await page.locator("[data-helm]").count()).toBe(0);
  });
});

describe("commands", () => {
  it("can be read whole on a narrow screen", async () => {
    const page = await pages.open(`${PLAIN}&platform=generic&gateway=istio&bench=1&netpol=1`, { viewport: NARROW });
    await page.locator("[data-steps]").waitFor();
    const cut = await page
      .locator("[data-command]")
      .evaluateAll((commands) => commands.filter((command) => command.scrollWidth > command.clientWidth).length);
    expect(cut).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
});
