import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Accelerator, Model } from "../../../lib/catalogue/catalogue";
import { readReports } from "../../../lib/ingest/read-reports";
import type { GivenFacts, HeldFile, ReadResult, ReadRun } from "../../../lib/ingest/report";

export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));
const fixtures = path.join(projectRoot, "test/fixtures/reports");

/** Reports of others, shortened to what is read from them; the README there says where each comes from. */
export const publicReports = path.join(projectRoot, "test/fixtures/public-reports");

export function acceleratorNamed(
  id: string,
  name: string,
  shortName: string,
  more: Partial<Accelerator> = {},
): Accelerator {
  return {
    id,
    name,
    shortName,
    vendor: name.split(" ")[0] ?? "",
    memoryGib: null,
    memoryBandwidthGbPerSecond: null,
    bf16Tflops: null,
    fp8Tflops: null,
    fp4Tflops: null,
    tdpWatts: null,
    interconnect: null,
    kubernetesResource: null,
    gkeNodeLabel: null,
    gkeAcceleratorLabel: null,
    aliases: [],
    source: "test",
    notes: null,
    hardware: null,
    ...more,
  };
}

export const accelerators: Accelerator[] = [
  acceleratorNamed("h100-sxm-80gb", "NVIDIA H100 SXM 80GB", "H100 SXM", {
    gkeAcceleratorLabel: "nvidia-h100-80gb",
    aliases: ["nvidia h100 80gb hbm3", "h100-80gb-hbm3"],
  }),
  acceleratorNamed("h100-pcie-80gb", "NVIDIA H100 PCIe 80GB", "H100 PCIe", { aliases: ["nvidia h100 pcie"] }),
  acceleratorNamed("a100-sxm-40gb", "NVIDIA A100 SXM 40GB", "A100 SXM 40GB", {
    gkeAcceleratorLabel: "nvidia-tesla-a100",
  }),
  acceleratorNamed("a100-sxm-80gb", "NVIDIA A100 SXM 80GB", "A100 SXM 80GB"),
  acceleratorNamed("l40s-48gb", "NVIDIA L40S 48GB", "L40S", { aliases: ["l40s"] }),
  acceleratorNamed("mi300x-192gb", "AMD Instinct MI300X 192GB", "MI300X", { aliases: ["mi300x"] }),
  acceleratorNamed("tpu-v6e", "Google TPU v6e Trillium (per chip)", "TPU v6e", { aliases: ["tpu v6e", "trillium"] }),
];

export const models: Model[] = [
  {
    id: "example-org/Example-8B-Instruct",
    displayName: "Example 8B Instruct",
    family: null,
    totalParametersBillions: 8,
    activeParametersBillions: 8,
    contextLengthTokens: null,
    weightsPrecision: null,
    weightBytes: null,
    quantisedCheckpoints: [],
    licence: null,
    gated: null,
    source: "test",
  },
];

export const catalogue = { accelerators, models };

/** Flags that complete any report. */
export const complete: GivenFacts = {
  model: "example-org/Example-8B-Instruct",
  accelerator: "h100-sxm-80gb",
  acceleratorCount: 2,
};

/** A file, or every file below a directory, with paths relative to it. */
export function filesUnder(root: string): HeldFile[] {
  if (statSync(root).isFile())
    return [{ path: path.basename(root), bytes: new Uint8Array(readFileSync(root)), named: true }];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(root, name)).isFile())
    .sort()
    .map((name) => ({
      path: name.split(path.sep).join("/"),
      bytes: new Uint8Array(readFileSync(path.join(root, name))),
    }));
}

export function fixture(name: string): HeldFile[] {
  return filesUnder(path.join(fixtures, name));
}

export function textFile(name: string, text: string): HeldFile {
  return { path: name, bytes: new TextEncoder().encode(text) };
}

/** Reads with the test catalogue. */
export function read(files: readonly HeldFile[], given: GivenFacts = complete): ReadResult {
  return readReports(files, given, catalogue);
}

/** The only run of a result without problems. */
export function onlyRun(result: ReadResult): ReadRun {
  const [run, ...others] = result.runs;
  if (run === undefined || others.length > 0 || result.problems.length > 0) {
    throw new Error(
      `expected one run: ${JSON.stringify({ runs: result.runs.length, problems: result.problems }, null, 1)}`,
    );
  }
  return run;
}
