import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RankJson } from "@/lib/api/rank-json";
import { PUBLISHED_CURVES } from "../unit/selection/published-figures";
import { seededDatabase } from "./ingest-support";

const ROOT = path.join(import.meta.dirname, "../..");
const FOLDER = mkdtempSync(path.join(tmpdir(), "iq-published-"));
const DATABASE = path.join(FOLDER, "published.db");

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function iq(...args: string[]): string {
  const child = spawnSync(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, IQ_DATABASE: DATABASE },
    encoding: "utf8",
  });
  expect(child.status, child.stderr).toBe(0);
  return child.stdout;
}

const MACHINES = {
  "a3-highgpu-1g": { accelerator: "nvidia-h100-80gb", count: 1, usdPerHour: 1.97 },
  "g2-standard-48": { accelerator: "nvidia-l4", count: 4, usdPerHour: 0.75 },
} as const;
type Machine = keyof typeof MACHINES;

/** The published benchmark of a machine as the table that GKE Inference Quickstart prints: ShareGPT, 108 in, 132 out in the median. */
function table(machine: Machine): string {
  const { accelerator } = MACHINES[machine];
  const rows = PUBLISHED_CURVES[machine].points.map(({ ntpotMs, outputTokensPerSecond }) =>
    [machine, accelerator, "google/gemma-2-27b-it", "vllm", "v0.7.2", outputTokensPerSecond, ntpotMs]
      .concat(["", "", "", "N/A", "N/A", "Chatbot (ShareGPT)", 108, 132, "", ""])
      .join(","),
  );
  return [
    "Instance Type,Accelerator Type,Model Name,Model Server Name,Model Server Version,Output Tokens/s,NTPOT (ms),TTFT (ms),ITL (ms),QPS,Cost/M Input Tokens,Cost/M Output Tokens,Use Case,Average Input Length,Average Output Length,Serving Stack,Serving Stack Version",
    ...rows,
  ].join("\n");
}

beforeAll(async () => {
  await seededDatabase(DATABASE);
  for (const machine of Object.keys(MACHINES) as Machine[]) {
    const file = path.join(FOLDER, `${machine}.csv`);
    writeFileSync(file, table(machine));
    iq("ingest", file, "--accelerator-count", String(MACHINES[machine].count));
  }
}, 120_000);

describe("the costs GKE Inference Quickstart published for gemma-2-27b-it", () => {
  const prices = Object.values(MACHINES).map(
    ({ accelerator, count, usdPerHour }) => `${accelerator}:${usdPerHour / count}`,
  );
  const asked = ["rank", "--model", "gemma-2-27b-it", ...prices.flatMap((price) => ["--own-price", price])];

  it("come out of a report of the same figures, split as they were: 0.222 and 0.055 on one H100, 0.409 and 0.102 on four L4", () => {
    const { ranked }: RankJson = JSON.parse(iq(...asked, "--ratio", "4", "--json"));
    const of = (accelerator: string) => ranked.find((row) => row.accelerator.startsWith(accelerator));
    // At the published inflection points, which are the knees of these curves.
    expect(of("h100")?.operatingPoint.outputTokensPerSecond).toBe(2050);
    expect(of("h100")?.split?.usdPerMillionOutputTokens).toBeCloseTo(0.222, 3);
    expect(Math.abs((of("h100")?.split?.usdPerMillionInputTokens ?? 0) - 0.055)).toBeLessThan(0.0006);
    expect(of("l4")?.operatingPoint.outputTokensPerSecond).toBe(425);
    expect((of("l4")?.split?.usdPerMillionOutputTokens ?? 0) / 0.409).toBeCloseTo(1, 1);
    expect(Math.abs((of("l4")?.split?.usdPerMillionInputTokens ?? 0) - 0.102)).toBeLessThan(0.002);
    // Without the split all cost lies on the output: a fifth more.
    expect(of("h100")?.usdPerMillionOutputTokens).toBeCloseTo(0.267, 3);
  });

  it("stand in what people read, at the use they expect and in their currency", () => {
    const words = iq(...asked, "--currency", "EUR:0.92");
    expect(words).toContain(
      "With the input paid at 1 ÷ 4 of the output: €0.20 per million output and €0.051 per million input tokens.",
    );
    expect(words).toContain(
      "Per million output tokens, by use: €0.20 at 100%, €0.29 at 70%, €0.41 at 50%, €0.68 at 30%.",
    );
  });
});
