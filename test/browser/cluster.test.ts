import { describe, expect, it } from "vitest";
import { definitionText, h100Node, listText, nodeText, podText } from "../unit/cluster/cluster-texts";
import { browserPages, soon } from "./browser";

const pages = browserPages();

const CLUSTER = listText(
  h100Node("gpu-1"),
  h100Node("gpu-2"),
  nodeText({ name: "cpu-1" }),
  podText("busy", "gpu-1", { "nvidia.com/gpu": "8" }),
  definitionText("monitoring.googleapis.com", "PodMonitoring", "v1"),
);

describe("somebody with a cluster", () => {
  it("pastes what kubectl prints, sees what is there and free, and plans with it; nothing of it is sent", async () => {
    const page = await pages.open("/cluster");
    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    await page.getByLabel("What kubectl printed").fill("NAME STATUS\ngpu-1 Ready");
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("This is no JSON").waitFor();
    await page.getByLabel("What kubectl printed").fill(CLUSTER);
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("Of 16 nvidia.com/gpu, 8 are free.").waitFor();
    await page.getByText("platform=gke: nodes have the label cloud.google.com/gke-nodepool.").waitFor();
    expect(sent.filter((text) => text.includes("gpu-1"))).toEqual([]);
    expect(await page.evaluate(() => localStorage.getItem("cluster-text"))).toBeNull();
    const plan = page.getByRole("link", { name: "Plan with these accelerators" });
    expect(await plan.getAttribute("href")).toBe("/?have=h100-sxm-80gb%3A2x8");
  });

  it("holds a configuration's manifest against it, from its page and back", async () => {
    const page = await pages.open("/configurations/h100-sxm-80gb-x2-vllm-2cc8cef1");
    await page.getByRole("link", { name: "Hold it against your cluster" }).click();
    await page.getByLabel("What kubectl printed").fill(CLUSTER);
    await page.getByLabel("Keep it in this browser").check();
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText(/^MISSING: Rules \(monitoring\.googleapis\.com\/v1\)/).waitFor();
    await page.getByText(/: 1 pod can be scheduled on the nodes as they are\./).waitFor();
    await page.reload();
    await soon(() => page.getByLabel("What kubectl printed").inputValue()).toBe(CLUSTER);
    await page.getByRole("button", { name: "Forget it" }).click();
    expect(await page.evaluate(() => localStorage.getItem("cluster-text"))).toBeNull();
    await page.getByLabel("What kubectl printed").fill(CLUSTER);
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByRole("link", { name: "Show the manifest with these answers" }).click();
    await page.waitForURL(/\/configurations\/.*platform=gke.*monitoring=gmp/);
  });
});
