import { describe, expect, it } from "vitest";
import { complete, fixture, onlyRun, read, textFile } from "./support";

const current = fixture("vllm-bench-serve/current.json")[0] ?? textFile("missing", "");
const at = (path: string) => ({ ...current, path });

describe("facts a report does not state", () => {
  it("are each named when missing, with flag, side-file key and examples of the catalogue", () => {
    const { runs, problems } = read(fixture("inference-perf/concurrent"), {});
    expect(runs).toEqual([]);
    expect(problems.map((item) => item.expected)).toEqual([
      "--model or model: in iq.yaml, e.g. example-org/Example-8B-Instruct",
      "--accelerator or accelerator: in iq.yaml, e.g. h100-sxm-80gb, mi300x-192gb, tpu-v6e",
      "--accelerator-count or accelerator_count: in iq.yaml, e.g. 1, 8",
    ]);
    expect(problems[0]?.message).toContain("(and 1 more file of the same run)");
  });

  it("come from the nearest iq.yaml, then from those above it, and flags go before all", () => {
    const files = [
      textFile("iq.yaml", "accelerator: mi300x\naccelerator_count: 8\nprecision: bf16\n"),
      textFile("lab/iq.yml", "acceleratorCount: 4\nserver-version: v0.9.1\n"),
      at("lab/a.json"),
    ];
    expect(onlyRun(read(files, {})).configuration).toMatchObject({
      accelerator: "mi300x-192gb",
      acceleratorCount: 4,
      precision: "bf16",
      serverVersion: "0.9.1",
    });
    expect(onlyRun(read(files, { acceleratorCount: 2 })).configuration.acceleratorCount).toBe(2);
    // Who said so is provenance: the side files are kept with the report.
    expect(onlyRun(read(files, {})).files).toEqual(["lab/a.json", "iq.yaml", "lab/iq.yml"]);
  });

  it("never include a count guessed from parallelism, but the sum of prefill and decode", () => {
    const { problems } = read([at("a.json")], { accelerator: "l40s", parallelism: { tensor: 4 } });
    expect(problems.map((item) => item.expected)).toEqual([expect.stringContaining("--accelerator-count")]);
    const run = onlyRun(read([at("a.json")], { accelerator: "l40s", prefillAccelerators: 2, decodeAccelerators: 6 }));
    expect(run.configuration).toMatchObject({ acceleratorCount: 8, servingMode: "disaggregated" });
  });

  it.each([
    [{ accelerator: "a100" }, "one of a100-sxm-40gb, a100-sxm-80gb"],
    [{ accelerator: "h1000" }, "a catalogue id"],
    [{ acceleratorCount: 0 }, "a whole number, 1 or more"],
    [{ acceleratorCount: 1.5 }, "a whole number, 1 or more"],
    [{ model: "a\u0000b" }, "plain text"],
    [{ measuredOn: "2026-02-30" }, "a date such as"],
    [{ workloadId: "Chat / long" }, "lower-case letters"],
    [{ sourceUrl: "javascript:alert(1)" }, "an http or https address"],
  ])("are refused where they cannot be: %j", (given, expected) => {
    const { runs, problems } = read([at("a.json")], { ...complete, ...given });
    expect(runs).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.expected).toContain(expected);
  });
});

describe("a side file", () => {
  it.each([
    ["acelerator: l40s", "acelerator", "did you mean accelerator?"],
    ["tp: 2", "tp", "did you mean tensor_parallelism?"],
    ["server_version: 0.10", "server_version", "in quotes"],
    ["constructor: 2", "constructor", "did you mean accelerator?"],
    ["__proto__: { accelerator: l40s }", "__proto__", "unknown key"],
    ["accelerator_count: two", "accelerator_count", "a whole number"],
    ["accelerator_count: 1\nacceleratorCount: 2", "acceleratorCount", "given twice"],
    ["- just\n- a list", "", "keys and values"],
    ["accelerator: [", "line", "cannot be read"],
  ])("with %j is refused, and nothing below it is taken without it", (text, place, words) => {
    const { runs, problems, skipped } = read([textFile("iq.yaml", text), at("a.json")]);
    expect(runs).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.file).toBe("iq.yaml");
    expect(problems[0]?.at).toContain(place);
    expect(problems[0]?.message).toContain(words);
    expect(skipped.map(({ file }) => file)).toContain("a.json");
  });
});

describe("a set of files", () => {
  it("is told by content, never by name", () => {
    expect(onlyRun(read([at("report.csv")])).format).toBe("vllm-bench-serve");
    const [table] = fixture("figures");
    if (table === undefined) throw new Error("fixture missing");
    expect(read([{ ...table, path: "stage_0_lifecycle_metrics.json" }], {}).runs[0]?.format).toBe("figures-csv");
  });

  it("may hold other files beside reports, but a file named by itself must be a report", () => {
    const other = textFile("notes.md", "# Notes\nnothing to see: here");
    const beside = read([other, at("a.json")]);
    expect(beside.problems).toEqual([]);
    expect(beside.skipped).toMatchObject([{ file: "notes.md" }]);
    for (const files of [[other], [{ ...other, named: true }, at("a.json")]]) {
      const { problems } = read(files);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toMatch(/inference-perf.*vllm bench serve.*figures CSV/);
    }
  });

  it("may be everything in a directory, each file named", () => {
    const named = fixture("inference-perf/run").map((file) => ({ ...file, named: true }));
    expect(onlyRun(read(named, {})).points).toHaveLength(3);
  });

  it("without any report is a problem, not silence", () => {
    expect(read([]).problems).toHaveLength(1);
    expect(read([textFile("a.md", "x"), textFile("b.md", "y")]).problems).toHaveLength(1);
    expect(read([textFile("empty.json", "")]).problems[0]?.message).toContain("it is empty");
  });

  it("keeps reports of several directories apart", () => {
    const { runs } = read([at("monday/a.json"), at("tuesday/a.json")]);
    expect(runs.map((run) => run.files)).toEqual([["monday/a.json"], ["tuesday/a.json"]]);
  });

  it("derives nothing where throughput was measured, and flags what contradicts itself", () => {
    const text = new TextDecoder().decode(current.bytes);
    const changed = text
      .replace('"output_throughput": 994.0', '"output_throughput": 1500')
      .replace('"p90_ttft_ms": 120.0', '"p90_ttft_ms": 500');
    const [point] = onlyRun(read([textFile("a.json", changed)])).points;
    expect(point?.outputTokensPerSecondDerived).toBeNull();
    expect(point?.qualityFlags).toEqual(
      expect.arrayContaining(["throughput_contradicts_duration", "percentiles_not_monotonic"]),
    );
  });
});

describe("limits", () => {
  const refusal = (bytes: Uint8Array, path = "a.json") => read([{ path, bytes }]).problems[0]?.message ?? "";
  const encode = (text: string) => new TextEncoder().encode(text);

  it("refuse UTF-16 with a word on what to do", () => {
    expect(refusal(new Uint8Array(Buffer.from("\ufeff{}", "utf16le")))).toContain("save it as UTF-8");
    expect(refusal(new Uint8Array(Buffer.from('{"a": 1}', "utf16le")))).toContain("save it as UTF-8");
  });

  it("refuse files that are too large, compressed, binary or no UTF-8", () => {
    expect(refusal(new Uint8Array(64 * 1024 * 1024 + 1))).toContain("at most 64 MiB");
    expect(refusal(new Uint8Array([0x1f, 0x8b, 8, 0]))).toContain("unpack it first");
    expect(refusal(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1]))).toContain("binary");
    expect(refusal(new Uint8Array([0x7b, 0xff, 0x7d]))).toContain("not UTF-8");
  });

  it("refuse absurd nesting in JSON and YAML", () => {
    expect(refusal(encode("[".repeat(100_000)))).toContain("nested deeper than 64 levels");
    expect(refusal(encode(`{"a":${'{"a":'.repeat(70)}1${"}".repeat(71)}`))).toContain("nested deeper than 64 levels");
    expect(refusal(encode(`successes: ${"[".repeat(70)}${"]".repeat(70)}`))).toContain("nested deeper than 64 levels");
  });

  it("refuse YAML alias bombs and circles without a crash", () => {
    const bomb = ["successes: &l0 [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level++)
      bomb.push(
        `l${level}: &l${level} [${Array(9)
          .fill(`*l${level - 1}`)
          .join(", ")}]`,
      );
    expect(refusal(encode(bomb.join("\n")))).toContain("aliases");
    expect(refusal(encode("successes: &a\n  b: *a\n"))).not.toBe("");
  });

  it("refuse numbers beyond any unit", () => {
    const text = new TextDecoder().decode(current.bytes).replace('"duration": 50.0', '"duration": 1e999');
    expect(read([textFile("a.json", text)]).problems).toMatchObject([
      { at: "$.duration", expected: "a finite number" },
    ]);
  });
});
