import { beforeAll, describe, expect, it } from "vitest";
import { PUBLISHED_CURVES } from "../unit/selection/published-figures";
import { browserPages, seenText } from "./browser";
import { servedProduct } from "./served-product";

const pages = browserPages();

/** Under names of their own: the shipped figures have other curves of the model, and the page splits the first row's cost. */
const modelOn = (machine: string) => `example-org/gemma-2-27b-it-on-${machine}`;

/** Prices of whole machines, as the published costs are for. */
const MACHINES = [
  { machine: "a3-highgpu-1g", accelerator: "nvidia-h100-80gb", count: 1, usdPerHour: 1.97 },
  { machine: "g2-standard-48", accelerator: "nvidia-l4", count: 4, usdPerHour: 0.75 },
] as const;

/** The published benchmark of a machine as the table that GKE Inference Quickstart prints. */
function table({ machine, accelerator }: (typeof MACHINES)[number]): string {
  const header =
    "Instance Type,Accelerator Type,Model Name,Model Server Name,Model Server Version,Output Tokens/s,NTPOT (ms),TTFT (ms),ITL (ms),QPS,Cost/M Input Tokens,Cost/M Output Tokens,Use Case,Average Input Length,Average Output Length,Serving Stack,Serving Stack Version";
  const rows = PUBLISHED_CURVES[machine].points.map(
    ({ ntpotMs, outputTokensPerSecond }) =>
      `${machine},${accelerator},${modelOn(machine)},vllm,v0.7.2,${outputTokensPerSecond},${ntpotMs},,,,N/A,N/A,Chatbot (ShareGPT),108,132,,`,
  );
  return [header, ...rows].join("\n");
}

beforeAll(async () => {
  for (const machine of MACHINES) {
    const asked = new URLSearchParams({ fileName: `${machine.machine}.csv`, accelerator_count: String(machine.count) });
    const url = `${servedProduct().baseUrl}/api/v1/reports?${asked}`;
    const answer = await fetch(url, { method: "POST", body: table(machine) });
    expect(answer.status, await answer.text()).toBe(200);
  }
});

describe("the costs GKE Inference Quickstart published for gemma-2-27b-it", () => {
  it.each([
    // Published: 0.222 and 0.055 on one H100, 0.409 and 0.102 on four L4.
    { machine: MACHINES[0], output: "$0.22", input: "$0.0554" },
    { machine: MACHINES[1], output: "$0.41", input: "$0.10" },
  ])("stand on the page, by what is paid for: $machine.machine", async ({ machine, output, input }) => {
    const asked = new URLSearchParams([
      ["model", modelOn(machine.machine)],
      ["ratio", "4"],
      ["usd", String(machine.usdPerHour / machine.count)],
    ]);
    const page = await pages.open(`/?${asked}`);
    const cost = page.locator("[data-token-cost]");
    await cost.getByText("What a million tokens cost").click();
    const inUse = async (name: string) =>
      (await seenText(cost.getByRole("row", { name: new RegExp(`^${name} [≤$]`) }))).split(/\s+/).slice(-4)[0];
    expect(await inUse("output")).toBe(output);
    expect(await inUse("input")).toBe(input);
  });
});
