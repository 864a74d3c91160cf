import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getReport } from "../../../../db/queries/get-report";
import type { ArchiveLimits } from "../../../../server/intake/archive-limits";
import { expandContainers } from "../../../../server/intake/containers";
import { Spool } from "../../../../server/intake/spool";
import { rawColumn } from "../../../support/raw-sql";
import { tarGzOf, tarOf, zipOf } from "../../db/archives";
import { figuresCsv, seededDatabase } from "../../db/small-data";
import { databaseFaults, ingest, intakeFiles } from "./intake-support";

/** A report of two load points; each concurrency is a load of its own. */
function report(concurrency: number): string {
  return figuresCsv("me", [
    { concurrency, outputTokensPerSecond: 40 * concurrency, ttftMs: 50 + concurrency },
    { concurrency: concurrency + 1, outputTokensPerSecond: 41 * concurrency, ttftMs: 51 + concurrency },
  ]);
}

async function seeded() {
  const db = await seededDatabase();
  return db;
}

/** Ingests one file and says where its load points were read. */
async function ingestOne(path: string, content: Uint8Array | string) {
  const db = await seeded();
  const outcome = await ingest(db, intakeFiles({ [path]: content }, true), { given: {} });
  expect(await databaseFaults(db)).toEqual([]);
  const files = await rawColumn(
    db,
    "SELECT DISTINCT file_name FROM run_report JOIN run USING (run_id) WHERE origin = 'user' ORDER BY 1",
  );
  return { ...outcome, db, stored: files };
}

describe("an archive", () => {
  const entries = [
    { name: "a/one.csv", content: report(1) },
    { name: "b/two.csv", content: report(10) },
  ];

  it("is read as the folder it holds: zip, tar, tar.gz, told by content", async () => {
    const archives: [string, Uint8Array][] = [
      ["mine.zip", zipOf(entries)],
      ["stored.zip", zipOf(entries.map((entry) => ({ ...entry, stored: true })))],
      ["mine.tar", await tarOf(entries)],
      ["mine.tar.gz", await tarGzOf(entries)],
      ["mine.tgz", await tarGzOf(entries)],
      ["results.gz", await tarGzOf(entries)],
      ["results.gz", gzipSync(zipOf(entries))],
      ["no-ending-at-all", await tarGzOf(entries)],
      ["wrong.csv", zipOf(entries)],
    ];
    for (const [name, bytes] of archives) {
      const outcome = await ingestOne(name, bytes);
      expect(outcome, name).toMatchObject({ loadPoints: 4, problems: [], files: 2 });
      expect(outcome.stored, name).toEqual([`${name}/a/one.csv`, `${name}/b/two.csv`]);
    }
  });

  it("of one compressed file is that file, with its own bytes as provenance", async () => {
    const outcome = await ingestOne("one.csv.gz", gzipSync(report(1)));
    expect(outcome).toMatchObject({ loadPoints: 2, problems: [] });
    expect(outcome.stored).toEqual(["one.csv"]);
    const sha256 = outcome.runs[0]?.points[0]?.reportSha256 ?? "";
    expect((await getReport(outcome.db, sha256))?.byteLength).toBe(report(1).length);
  });

  it("compressed more than once is opened to the third level", async () => {
    const twice = gzipSync(gzipSync(report(1)));
    expect(await ingestOne("one.csv.gz.gz", twice)).toMatchObject({ loadPoints: 2, problems: [], stored: ["one.csv"] });
    const within = await ingestOne("outer.zip", zipOf([{ name: "a/results.gz", content: gzipSync(zipOf(entries)) }]));
    expect(within).toMatchObject({ loadPoints: 4, problems: [], files: 2 });
    expect(within.stored).toEqual(["outer.zip/a/results.gz/a/one.csv", "outer.zip/a/results.gz/b/two.csv"]);
    const again = await ingestOne("one.csv.gz", gzipSync(gzipSync(twice)));
    expect(again).toMatchObject({ loadPoints: 0, files: 0 });
    expect(again.problems).toMatchObject([{ message: expect.stringMatching(/nested too deeply/) }]);
  });

  it("of one record a line is read line by line, compressed too", async () => {
    const line = (rate: number) =>
      JSON.stringify({
        elapsed_time: 10,
        num_requests: 10 * rate,
        total_num_tokens: 1000,
        requests_per_second: rate,
        tokens_per_second: 100,
      });
    const outcome = await ingest(
      await seeded(),
      intakeFiles({ "results.jsonl.gz": gzipSync(`${line(1)}\n${line(2)}\n`) }, true),
    );
    expect(outcome.problems).toEqual([]);
    expect(outcome.runs.flatMap((run) => run.points)).toHaveLength(2);
  });

  it("may hold archives, to the third level", async () => {
    const inner = zipOf([{ name: "one.csv", content: report(1) }]);
    const two = await tarGzOf([{ name: "inner.zip", content: inner }]);
    const three = zipOf([{ name: "two.tar.gz", content: two }]);
    const outcome = await ingestOne("outer.zip", three);
    expect(outcome).toMatchObject({ loadPoints: 2, problems: [] });
    expect(outcome.stored).toEqual(["outer.zip/two.tar.gz/inner.zip/one.csv"]);
    const four = await ingestOne("outer.zip", zipOf([{ name: "three.zip", content: three }]));
    expect(four).toMatchObject({ loadPoints: 0, files: 0 });
    expect(four.problems[0]?.message).toMatch(/nested too deeply/);
  });

  it("leaves out what its system put there", async () => {
    const outcome = await ingestOne(
      "mine.zip",
      zipOf([
        { name: "./a/one.csv", content: report(1) },
        { name: "__MACOSX/a/._one.csv", content: "x" },
        { name: ".DS_Store", content: "x" },
        { name: "a/.hidden/two.csv", content: report(10) },
        { name: "empty/", content: "" },
      ]),
    );
    expect(outcome).toMatchObject({ loadPoints: 2, problems: [], files: 1 });
    expect(outcome.stored).toEqual(["mine.zip/a/one.csv"]);
    const only = await ingestOne("mine.zip", zipOf([{ name: ".DS_Store", content: "x" }]));
    expect(only.problems).toMatchObject([{ file: "mine.zip" }]);
  });

  it("that holds a path outside itself is refused whole", async () => {
    for (const name of ["../one.csv", "a/../../one.csv", "/etc/one.csv", "C:/one.csv"]) {
      const evil = [...entries, { name, content: report(100) }];
      for (const [archive, bytes] of [
        ["evil.zip", zipOf(evil)],
        ["evil.tar", await tarOf(evil)],
        ["evil.tar.gz", await tarGzOf(evil)],
      ] as const) {
        const outcome = await ingestOne(archive, bytes);
        expect(outcome, `${archive} ${name}`).toMatchObject({ loadPoints: 0, problems: [{ file: archive }] });
        expect(outcome.problems[0]?.message).toMatch(/outside|absolute|relative/);
      }
    }
  });

  it("that holds a name a terminal would act on is refused whole", async () => {
    for (const name of ["a/\u001b[2Jone.csv", "a/one\n.csv"]) {
      for (const bytes of [zipOf([{ name, content: report(1) }]), await tarOf([{ name, content: report(1) }])]) {
        const outcome = await ingestOne("evil", bytes);
        expect(outcome).toMatchObject({ loadPoints: 0, problems: [{ file: "evil" }] });
        expect(outcome.problems[0]?.message).toMatch(/control characters\.$/);
      }
    }
  });

  it("with links in it gives its files, and says what it left", async () => {
    const outcome = await ingestOne(
      "mine.tar",
      await tarOf([
        ...entries,
        { name: "etc", type: "symlink", linkname: "/etc" },
        { name: "hard.csv", type: "link", linkname: "a/one.csv" },
        { name: "pipe", type: "fifo" },
      ]),
    );
    expect(outcome).toMatchObject({ loadPoints: 4, problems: [] });
    expect(outcome.skipped.map(({ file }) => file)).toEqual(["mine.tar/etc", "mine.tar/hard.csv", "mine.tar/pipe"]);
  });

  it("that is encrypted, empty, cut off or damaged is refused, and the other files are taken", async () => {
    const zip = zipOf(entries);
    const tar = await tarOf(entries);
    const tarGz = await tarGzOf(entries);
    const flipped = Buffer.from(zipOf(entries.map((entry) => ({ ...entry, stored: true }))));
    flipped[flipped.indexOf("h100-sxm-80gb")] = 0x48;
    const cases: Record<string, Uint8Array> = {
      "encrypted.zip": zipOf([{ name: "one.csv", content: report(1), encrypted: true }]),
      "empty.zip": zipOf([]),
      "cut-off.zip": zip.subarray(0, zip.length - 30),
      "half.zip": zip.subarray(0, zip.length / 2),
      "flipped.zip": flipped,
      "cut-off.tar": tar.subarray(0, 700),
      "cut-off.tar.gz": tarGz.subarray(0, tarGz.length - 20),
      "half.tar.gz": tarGz.subarray(0, tarGz.length / 2),
      "cut-off.csv.gz": gzipSync(report(1)).subarray(0, 150),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      const db = await seeded();
      const outcome = await ingest(db, intakeFiles({ [name]: bytes, "good.csv": report(20) }, true), { given: {} });
      expect(outcome.problems.length, name).toBeGreaterThan(0);
      for (const item of outcome.problems) {
        expect(name.startsWith(item.file.split("/")[0]?.replace(/\.gz$/, "") ?? "-"), item.file).toBe(true);
        expect(item.message).toMatch(/\S \S/);
      }
      expect(outcome.loadPoints, name).toBeGreaterThanOrEqual(2);
      expect(await databaseFaults(db)).toEqual([]);
    }
  });

  it("that lies about the size of a file is refused there", async () => {
    for (const claimedSize of [10, 10_000_000]) {
      for (const stored of [false, true]) {
        const outcome = await ingestOne(
          "lie.zip",
          zipOf([{ name: "one.csv", content: report(1), stored, claimedSize }]),
        );
        expect(outcome.loadPoints, `${claimedSize} ${stored}`).toBe(0);
        expect(outcome.problems.length).toBeGreaterThan(0);
      }
    }
  });

  it("with two files of one path gives both", async () => {
    const outcome = await ingestOne(
      "mine.zip",
      zipOf([
        { name: "one.csv", content: report(1) },
        { name: "one.csv", content: report(10) },
      ]),
    );
    expect(outcome).toMatchObject({ loadPoints: 4, problems: [] });
    expect(outcome.stored).toEqual(["mine.zip/one (2).csv", "mine.zip/one.csv"]);
  });

  it("with very many files of one path is done in time", async () => {
    const many = zipOf(Array.from({ length: 10_000 }, () => ({ name: "a.txt", content: "x", stored: true })));
    const outcome = await ingest(await seeded(), intakeFiles({ "many.zip": many }), { dryRun: true });
    expect(outcome).toMatchObject({ loadPoints: 0, files: 10_000 });
    expect(new Set(outcome.skipped.map(({ file }) => file)).size).toBe(10_000);
  });

  it("is whole or refused, whatever bytes of it are changed", async () => {
    const db = await seeded();
    const originals = [zipOf(entries), await tarOf(entries), await tarGzOf(entries), gzipSync(report(1))];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        async (original, at, byte, cut) => {
          const bytes = Buffer.from(original);
          bytes[at % bytes.length] = byte;
          const end = cut % 3 === 0 ? cut % bytes.length : bytes.length;
          const outcome = await ingest(db, intakeFiles({ "mine.bin": bytes.subarray(0, end) }, true), { given: {} });
          expect(outcome.runs.length + outcome.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
    expect(await databaseFaults(db)).toEqual([]);
  });
});

describe("the limits of archives", () => {
  const limits: ArchiveLimits = { files: 3, unpackedBytes: 1000, depth: 2, pathLength: 60, pathsLength: 120 };

  async function expanded(name: string, bytes: Uint8Array) {
    const spool = new Spool();
    const outcome = await expandContainers(intakeFiles({ [name]: bytes }), spool, limits);
    const read = await Promise.all(
      outcome.unpacked.map(async (file) => {
        try {
          for await (const _ of await file.open()) void _;
          return "read";
        } catch (error) {
          return String(error);
        }
      }),
    );
    outcome.close();
    spool.close();
    return { problems: outcome.problems.map(({ message }) => message), read };
  }
  const files = (count: number, size: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${index}.csv`, content: "x".repeat(size) }));

  it("hold for the number of files, over all archives within", async () => {
    expect(await expanded("a.zip", zipOf(files(3, 10)))).toEqual({ problems: [], read: ["read", "read", "read"] });
    for (const bytes of [
      zipOf(files(4, 10)),
      await tarOf(files(4, 10)),
      await tarOf(Array.from({ length: 4 }, (_, index) => ({ name: `${index}`, type: "symlink", linkname: "x" }))),
      zipOf([{ name: "b.zip", content: zipOf(files(2, 10)) }, ...files(2, 10)]),
    ]) {
      const { problems, read } = await expanded("a.zip", bytes);
      expect(problems).toEqual([expect.stringMatching(/more files.*at most 3/)]);
      expect(read).toEqual([]);
    }
  });

  it("hold for what is unpacked, said or not", async () => {
    const { problems } = await expanded("a.zip", zipOf(files(2, 600)));
    expect(problems).toEqual([expect.stringMatching(/unpacks to more/)]);
    expect((await expanded("a.tar", await tarOf(files(2, 600)))).problems).toHaveLength(1);
    expect((await expanded("a.tar.gz", await tarGzOf(files(2, 600)))).problems).toHaveLength(1);
    const bomb = await expanded("a.csv.gz", gzipSync("x".repeat(100_000)));
    expect(bomb).toEqual({ problems: [], read: [expect.stringMatching(/unpacks to more/)] });
    for (const bytes of [gzipSync(zipOf(files(2, 600))), gzipSync(gzipSync("x".repeat(100_000)))]) {
      const { problems, read } = await expanded("a.gz", bytes);
      expect([...problems, ...read]).toEqual([expect.stringMatching(/unpacks to more/)]);
    }
    const many = await expanded("a.gz", gzipSync(zipOf(files(4, 10))));
    expect(many).toEqual({ problems: [expect.stringMatching(/more files.*at most 3/)], read: [] });
    const nested = await expanded("a.zip", zipOf([{ name: "bomb.csv.gz", content: gzipSync("x".repeat(100_000)) }]));
    expect(nested.read).toEqual([expect.stringMatching(/unpacks to more/)]);
  });

  it("hold for the names of the files, each and all together", async () => {
    const long = [{ name: `a/${"x".repeat(100)}.csv`, content: "x" }];
    const many = ["a", "b", "c"].map((name) => ({ name: `${name}/${"x".repeat(40)}.csv`, content: "x" }));
    for (const [name, entries, message] of [
      [
        "a",
        long,
        /a\.\w+ cannot be unpacked: it holds a file with a longer path.*xx… \(paths of at most 60 characters\)\.$/,
      ],
      ["a", many, /its files have longer paths than an archive may hold \(at most 120 characters/],
    ] as const) {
      for (const [ending, bytes] of [
        ["zip", zipOf(entries)],
        ["tar", await tarOf(entries)],
      ] as const) {
        const { problems, read } = await expanded(`${name}.${ending}`, bytes);
        expect(problems).toEqual([expect.stringMatching(message)]);
        expect(problems[0]?.length).toBeLessThan(300);
        expect(read).toEqual([]);
      }
    }
    const packed = await expanded(`${"x".repeat(50)}.csv.gz`, gzipSync("x"));
    expect(packed).toEqual({ problems: [], read: ["read"] });
  });
});

describe("very many problems", () => {
  const brokenFiles = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `${index}/x.json`,
      content: `{"a":"cut ${index}`,
      stored: true,
    }));

  it("that are alike are one, which counts the others, in the answer and in the audit", async () => {
    const outcome = await ingestOne("many.zip", zipOf([...brokenFiles(300), { name: "one.csv", content: report(1) }]));
    expect(outcome.loadPoints).toBe(2);
    expect(outcome.problems).toMatchObject([
      {
        file: "many.zip/0/x.json",
        alike: 299,
        message: expect.stringMatching(
          /ends inside a string.*The same is wrong with 299 more files: many\.zip\/1\/x\.json,/,
        ),
      },
    ]);
    const [kept] = await rawColumn(outcome.db, "SELECT problems FROM ingest ORDER BY id DESC LIMIT 1");
    expect(JSON.parse(String(kept))).toHaveLength(1);
  });

  it("stand each for itself below a hundred", async () => {
    const outcome = await ingestOne("many.zip", zipOf(brokenFiles(99)));
    expect(outcome.problems).toHaveLength(99);
  });
});
