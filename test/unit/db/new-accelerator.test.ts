import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { listAccelerators } from "../../../db/queries/list-accelerators";
import { listModels } from "../../../db/queries/list-models";
import { listPrices } from "../../../db/queries/list-prices";
import { listRuns } from "../../../db/queries/list-runs";
import { readCatalogue } from "../../../db/store/read-catalogue";
import { seedShipped } from "../../../db/store/seed-shipped";
import { DEFAULT_QUESTION } from "../../../lib/answer/answer";
import { answerQuestion } from "../../../lib/answer/answer-question";
import { isBlackwell } from "../../../lib/catalogue/hosts";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { getChoice } from "../../../server/pages/get-choice";
import { expectValue } from "../expect-value";
import { writeEarlierVersion } from "./earlier-version";
import { figuresCsv, NOW, temporaryDatabase, temporaryDirectory, writeData } from "./small-data";

const SHIPPED = path.resolve(import.meta.dirname, "../../../data");

/** A shipped file with a row more, by the names of its columns; what is not named stays empty. */
function withRow(file: string, row: Record<string, string | number>): string {
  const text = readFileSync(path.join(SHIPPED, file), "utf8");
  const [header = ""] = text.split("\n");
  const columns = header.split(",");
  for (const name of Object.keys(row)) expect(columns).toContain(name);
  return `${text.trimEnd()}\n${columns.map((column) => row[column] ?? "").join(",")}\n`;
}

const ID = "rtx-5097-32gb";

/** The shipped catalogue with an accelerator nobody has yet, one machine each of two sellers, and a price. */
function dataWithNewAccelerator(): string {
  const machines = withRow("machines.csv", {
    seller: "aws",
    type: "g9.xlarge",
    accelerator: ID,
    count: 1,
    cpu: 16,
    memory_gib: 64,
    source: "test",
  });
  return writeData(
    temporaryDirectory(),
    {
      "alpha.csv": figuresCsv("alpha", [
        { accelerator: ID, concurrency: 1, outputTokensPerSecond: 45, ttftMs: 50, tpotMs: 20 },
        { accelerator: ID, concurrency: 8, outputTokensPerSecond: 350, ttftMs: 90, tpotMs: 20 },
      ]),
    },
    {
      accelerators: withRow("accelerators.csv", {
        id: ID,
        name: "NVIDIA GeForce RTX 5097 32GB",
        short_name: "RTX 5097",
        vendor: "NVIDIA",
        memory_gib: 32,
        memory_bandwidth_gb_per_second: 1792,
        kubernetes_resource: "nvidia.com/gpu",
        gke_node_label: "cloud.google.com/gke-accelerator",
        gke_accelerator_label: "nvidia-rtx-5097",
        aliases: "rtx-5097;nvidia-rtx-5097",
        architecture: "blackwell",
        max_per_machine: 4,
        compute_capability: "12.0",
        product_name: "NVIDIA GeForce RTX 5097",
        karpenter_name: "rtx-5097",
        source: "test",
      }),
      machines: `${machines}gcp,g5-standard-16,${ID},1,16,64,test\n`,
      prices: withRow("prices.csv", {
        provider: "aws",
        instance_type: "g9.xlarge",
        accelerator: ID,
        accelerator_count: 1,
        usd_per_hour: 1.5,
        kind: "on_demand",
        accelerator_only: "no",
        source: "test",
      }),
    },
  );
}

describe("an accelerator with a machine and a price that are rows of data alone", () => {
  it("is ranked with its cost, and has manifests for generic, GKE, Autopilot, EKS and Karpenter", async () => {
    const db = await temporaryDatabase();
    await seedShipped(db, dataWithNewAccelerator(), NOW);
    const { ranking } = answerQuestion({
      runs: await listRuns(db, 1, { modelId: "org/small", workloadId: "random-1024-1024" }),
      prices: await listPrices(db, 1),
      models: (await listModels(db, 1)).map((entry) => entry.model),
      accelerators: await listAccelerators(db, 1),
      question: DEFAULT_QUESTION,
    });
    const [entry] = ranking.ranked;
    expect(ranking.ranked).toHaveLength(1);
    expect(entry?.cost).toMatchObject({ kind: "known", usdPerHour: 1.5, price: { instanceType: "g9.xlarge" } });

    const made = async (options: AskedOptions): Promise<{ yaml: string; shared: string | null }> => {
      const answer = await getChoice(db, 1, {
        configurationId: entry?.curve.configuration.configurationId ?? "",
        workloadId: null,
        question: DEFAULT_QUESTION,
        options,
      });
      if (!answer.ok) throw new Error(answer.error);
      return expectValue(manifestBundle(answer.value.choice));
    };
    expect((await made({ platform: "generic" })).yaml).toContain("nvidia.com/gpu.product: NVIDIA-GeForce-RTX-5097");
    const onGke = await made({ platform: "gke" });
    expect(onGke.yaml).toContain("cloud.google.com/gke-accelerator: nvidia-rtx-5097");
    // New machines attach no Persistent Disk, which is GKE's default class.
    expect(onGke.shared).toContain("type: hyperdisk-balanced");
    expect((await made({ platform: "gke-autopilot" })).yaml).toContain("machineType: g5-standard-16");
    expect((await made({ platform: "eks" })).yaml).toContain("node.kubernetes.io/instance-type: g9.xlarge");
    const karpenter = (await made({ platform: "eks-karpenter" })).yaml;
    expect(karpenter).toMatch(/instance-gpu-name\n\s+operator: In\n\s+values:\n\s+- rtx-5097\n/);
    // Without being asked for, it goes where its node label is known.
    expect((await made({})).yaml).toContain("cloud.google.com/gke-accelerator: nvidia-rtx-5097");
  });

  it("is of the generation its row says, whatever its id is", async () => {
    const added = readCatalogue(dataWithNewAccelerator()).accelerators.find(({ id }) => id === ID);
    expect(added).toBeDefined();
    if (added !== undefined) expect(isBlackwell(added)).toBe(true);
  });

  it("has no price that says otherwise than its machine", () => {
    const directory = dataWithNewAccelerator();
    writeData(
      directory,
      {},
      {
        accelerators: readFileSync(path.join(directory, "accelerators.csv"), "utf8"),
        machines: readFileSync(path.join(directory, "machines.csv"), "utf8").replace(
          "g9.xlarge,rtx-5097-32gb,1,",
          "g9.xlarge,rtx-5097-32gb,2,",
        ),
        prices: readFileSync(path.join(directory, "prices.csv"), "utf8"),
      },
    );
    expect(() => readCatalogue(directory)).toThrow(
      "prices.csv says 1 × rtx-5097-32gb of aws g9.xlarge, machines.csv 2 × rtx-5097-32gb.",
    );
  });
});

describe("hardware and machines", () => {
  it("are known once each, in sizes that are sold", () => {
    const machines = readCatalogue(SHIPPED).accelerators.flatMap((item) => item.hardware?.machines ?? []);
    expect(machines.length).toBeGreaterThan(80);
    for (const machine of machines) {
      expect([1, 2, 4, 6, 8, 12, 16]).toContain(machine.accelerators);
      expect(machine.memoryGib).toBeGreaterThan(machine.cpu);
      expect(machine.source).not.toBe("");
    }
    for (const { id, hardware } of readCatalogue(SHIPPED).accelerators) {
      const largest = Math.max(0, ...(hardware?.machines ?? []).map((machine) => machine.accelerators));
      expect(largest, id).toBeLessThanOrEqual(hardware?.maximumPerMachine ?? 0);
    }
  });

  it("stand at every revision of a database from before they were data", async () => {
    const file = path.join(temporaryDirectory(), "old.db");
    const data = writeData(temporaryDirectory(), {
      "alpha.csv": figuresCsv("alpha", [{ concurrency: 1, outputTokensPerSecond: 45, ttftMs: 50 }]),
    });
    const newer = await temporaryDatabase(path.join(temporaryDirectory(), "newer.db"));
    await seedShipped(newer, data, NOW);
    writeEarlierVersion(newer, file, 2);

    const db = await temporaryDatabase(file);
    expect((await listAccelerators(db, 1)).map(({ hardware }) => hardware)).toEqual([null, null]);
    writeData(
      data,
      {},
      { machines: "seller,type,accelerator,count,cpu,memory_gib,source\ncloud,h100-8,h100-sxm-80gb,8,208,1872,test\n" },
    );
    expect(await seedShipped(db, data, NOW)).toMatchObject({ changed: true, revision: 2, loadPointsAdded: 0 });
    const [h100] = await listAccelerators(db, 1);
    expect(h100?.hardware?.machines).toMatchObject([{ seller: "cloud", type: "h100-8", accelerators: 8 }]);
    expect(await listAccelerators(db, 1)).toEqual(await listAccelerators(db, 2));

    // What changes later does not reach back.
    writeData(
      data,
      {},
      { machines: "seller,type,accelerator,count,cpu,memory_gib,source\ncloud,h100-4,h100-sxm-80gb,4,104,936,test\n" },
    );
    await seedShipped(db, data, NOW);
    expect((await listAccelerators(db, 3))[0]?.hardware?.machines).toMatchObject([{ type: "h100-4" }]);
    expect((await listAccelerators(db, 1))[0]?.hardware?.machines).toMatchObject([{ type: "h100-8" }]);
  });
});
