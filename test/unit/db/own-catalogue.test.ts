import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listAccelerators } from "../../../db/queries/list-accelerators";
import { listCatalogue, retireFromCatalogue, storeOwnCatalogue } from "../../../db/store/edit-catalogue";
import { type OwnCatalogue, readOwnRows } from "../../../db/store/own-rows";
import { seedShipped } from "../../../db/store/seed-shipped";
import type { ExportRequest } from "../../../lib/api/export-request";
import { exportChunks } from "../../../server/export-dataset";
import { diskSource } from "../../../server/intake/byte-source";
import { ingestFiles } from "../../../server/intake/ingest-files";
import { DATA } from "../shipped-figures";
import { NOW, temporaryDatabase } from "./small-data";

const folder = mkdtempSync(path.join(tmpdir(), "iq-own-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The shipped catalogue without figures, in a folder whose files a test may change. */
function dataFolder(): string {
  const directory = mkdtempSync(path.join(folder, "data-"));
  for (const name of ["accelerators.csv", "machines.csv", "models.csv", "prices.csv", "sources.csv"]) {
    cpSync(path.join(DATA, name), path.join(directory, name));
  }
  cpSync(path.join(DATA, "figures"), path.join(directory, "figures"), {
    recursive: true,
    filter: (from) => !from.endsWith(".csv"),
  });
  return directory;
}

function rowsOf(value: unknown): OwnCatalogue {
  const read = readOwnRows(value);
  if (!read.ok) throw new Error(read.error.join("\n"));
  return read.value;
}

async function seeded(directory = dataFolder()) {
  const db = await temporaryDatabase();
  await seedShipped(db, directory, NOW);
  return db;
}

const own = {
  accelerators: [{ id: "my-npu-96gb", name: "My NPU 96GB", memory_gib: 96, aliases: ["my npu"] }],
  prices: [{ provider: "me", accelerator: "my-npu-96gb", accelerator_count: 1, usd_per_hour: 1.5 }],
};
const request = { reason: "test", now: NOW };
const report = readFileSync("test/fixtures/cases/ingest/vllm-date-iso/result.json", "utf8");

function written(name: string, text: string) {
  const file = path.join(mkdtempSync(path.join(folder, "reports-")), name);
  writeFileSync(file, text);
  return { path: name, named: !name.startsWith("iq."), source: diskSource(file) };
}

async function exportedJson(db: Database): Promise<string> {
  let text = "";
  const all: ExportRequest = { format: "json", model: null, reports: true };
  for await (const piece of exportChunks(db, await getCurrentRevision(db), all)) text += piece;
  return text;
}

describe("rows of one's own in the catalogue", () => {
  it("are added as a revision, told apart from shipped ones, and there for reports from then on", async () => {
    const db = await seeded();
    const before = (await getCurrentRevision(db)).id;
    const stored = await storeOwnCatalogue(db, rowsOf(own), request);
    expect(stored).toMatchObject({ ok: true, value: { revision: before + 1, changed: [], same: [] } });
    const entries = (await listCatalogue(db)).filter(({ origin }) => origin === "user");
    expect(entries.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      "accelerators my-npu-96gb",
      "prices me my-npu-96gb 1 on_demand",
    ]);
    const known = await listAccelerators(db, before + 1);
    expect(known.find(({ id }) => id === "my-npu-96gb")).toMatchObject({ memoryGib: 96, source: "own" });
    expect((await listAccelerators(db, before)).some(({ id }) => id === "my-npu-96gb")).toBe(false);
    expect(await storeOwnCatalogue(db, rowsOf(own), request)).toMatchObject({
      value: { revision: before + 1, added: [] },
    });
  });

  it("come back from their YAML form as they were, shipped ones too", async () => {
    const db = await seeded();
    const entries = await listCatalogue(db);
    for (const kind of ["accelerators", "machines", "models", "prices"] as const) {
      const rows = entries.filter((entry) => entry.kind === kind).map(({ row }) => row);
      const stored = await storeOwnCatalogue(db, rowsOf({ [kind]: JSON.parse(JSON.stringify(rows)) }), request);
      expect(stored, kind).toMatchObject({ value: { added: [], changed: [] } });
    }
  });

  it("and shipped ones a person changed or took out stay so when the shipped data changes elsewhere", async () => {
    const directory = dataFolder();
    const db = await seeded(directory);
    const l4 = (await listCatalogue(db)).find(({ id }) => id === "l4-24gb");
    await storeOwnCatalogue(db, rowsOf({ accelerators: [{ ...l4?.row, tdp_watts: 60 }] }), request);
    expect(await retireFromCatalogue(db, "accelerators", ["gaudi2-96gb"], request)).toMatchObject({ ok: true });
    const file = path.join(directory, "accelerators.csv");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(
        /,350,PCIe Gen4,nvidia.com\/gpu,,,l40s/,
        ",351,PCIe Gen4,nvidia.com/gpu,,,l40s",
      ),
    );
    await seedShipped(db, directory, NOW);
    const rows = await listCatalogue(db);
    expect(rows.find(({ id }) => id === "l4-24gb")).toMatchObject({ origin: "user", row: { tdp_watts: 60 } });
    expect(rows.find(({ id }) => id === "l40s-48gb")).toMatchObject({ origin: "shipped", row: { tdp_watts: 351 } });
    expect(rows.some(({ id }) => id === "gaudi2-96gb")).toBe(false);
  });

  it("beside a report are stored with it, in one revision", async () => {
    const db = await seeded();
    const outcome = await ingestFiles(
      db,
      [
        written("result.json", report),
        written("iq.catalogue.yaml", JSON.stringify({ accelerators: own.accelerators })),
      ],
      {
        given: { accelerator: "My NPU", acceleratorCount: 2 },
        way: "cli",
        reason: "test",
        dryRun: false,
        now: NOW,
      },
    );
    expect(outcome.problems).toEqual([]);
    expect(outcome.runs[0]?.configuration.accelerator).toBe("my-npu-96gb");
    expect(outcome.notes.join()).toContain("your own from now on: my-npu-96gb");
    expect((await listCatalogue(db)).find(({ id }) => id === "my-npu-96gb")?.addedInRevision).toBe(outcome.revision);
    expect(await retireFromCatalogue(db, "accelerators", ["my-npu-96gb"], request)).toMatchObject({
      ok: false,
      error: expect.stringContaining("runs speak of my-npu-96gb"),
    });
  });

  it("go along in an export, and make its runs readable where nobody knows their accelerator", async () => {
    const from = await seeded();
    await ingestFiles(from, [written("result.json", report), written("iq.catalogue.yaml", JSON.stringify(own))], {
      given: { accelerator: "My NPU", acceleratorCount: 2 },
      ...{ way: "cli" as const, reason: "test", dryRun: false, now: NOW },
    });
    const text = await exportedJson(from);
    expect(text.split("\n")[1]).toContain('"catalogue":{"accelerators":[{"id":"my-npu-96gb"');
    const to = await seeded();
    const outcome = await ingestFiles(to, [written("all.json", text)], {
      given: {},
      ...{ way: "cli" as const, reason: "test", dryRun: false, now: NOW },
    });
    expect(outcome.problems).toEqual([]);
    const ownOf = async (db: Awaited<ReturnType<typeof seeded>>) =>
      (await listCatalogue(db))
        .filter(({ origin }) => origin === "user")
        .map(({ kind, id, row }) => ({ kind, id, row }));
    expect(await ownOf(to)).toEqual(await ownOf(from));
    expect((await exportedJson(to)).split("\n").slice(1)).toEqual(text.split("\n").slice(1));
  });

  it("inside an export are questioned like a file of own rows, and nothing is stored where one is wrong", async () => {
    const db = await seeded();
    const before = (await getCurrentRevision(db)).id;
    const lines = [
      { inferenceQuickstart: { version: 1 } },
      { catalogue: { accelerators: [{ id: "My NPU", memory_gib: "much" }], shops: [] } },
    ];
    const outcome = await ingestFiles(db, [written("all.json", lines.map((line) => JSON.stringify(line)).join("\n"))], {
      given: {},
      ...{ way: "cli" as const, reason: "test", dryRun: false, now: NOW },
    });
    const messages = outcome.problems.map(({ message }) => message).join("\n");
    expect(messages).toContain("memory_gib");
    expect(messages).toContain("shops: is no kind of the catalogue");
    expect((await getCurrentRevision(db)).id).toBe(before);
  });

  it.each([
    [{ accelerators: [{ id: "x", memory_gib: "much" }] }, /accelerators\[0\], memory_gib: "much" cannot be/],
    [{ accelerators: [{ id: "Not An Id" }] }, /accelerators\[0\], id: "Not An Id" cannot be/],
    [{ accelerators: [{ name: "x" }] }, /accelerators\[0\], id: is missing/],
    [{ prices: [{ provider: "me", accelerator: "l4-24gb" }] }, /prices\[0\], accelerator_count: is missing/],
    [{ gpus: [] }, /gpus: is no kind of the catalogue/],
    [{ models: [{ id: "a/b", parameters: 7 }] }, /models\[0\], parameters: is no column of models; expected id, /],
    [{}, /expected a row at least/],
    [null, /expected lists of accelerators/],
  ])("%j are refused with place, value and what was expected", (value, message) => {
    const read = readOwnRows(value);
    expect(read.ok ? [] : read.error.join("\n")).toMatch(message);
  });

  it("whatever they are, are read or refused with a sentence", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("accelerators", "prices", "models", "machines", "x"),
          fc.array(
            fc.dictionary(fc.constantFrom("id", "memory_gib", "aliases", "colour", "kind", "gated"), fc.jsonValue()),
          ),
        ),
        (value) => {
          const read = readOwnRows(value);
          if (!read.ok) for (const fault of read.error) expect(fault).toMatch(/\S \S.*\.$/s);
        },
      ),
    );
  });
});
