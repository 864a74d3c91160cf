import { describe, expect, it } from "vitest";
import { ingestReason, parseIngestParams } from "../../../lib/api/ingest-request";

const ask = (search: string) => parseIngestParams(new URLSearchParams(search));

describe("a request to ingest", () => {
  it("stores, is plain HTTP and gives no facts unless it says so", () => {
    expect(ask("")).toEqual({
      ok: true,
      value: { dryRun: false, way: "http", fileName: null, startedWith: null, given: {} },
    });
  });

  it("gives facts by their keys in iq.yaml, counts as numbers", () => {
    expect(ask("accelerator=h100&accelerator_count=8&tensor_parallelism=4&server_version=0.10&dryRun=true")).toEqual({
      ok: true,
      value: {
        dryRun: true,
        way: "http",
        fileName: null,
        startedWith: null,
        given: { accelerator: "h100", acceleratorCount: 8, serverVersion: "0.10", parallelism: { tensor: 4 } },
      },
    });
  });

  it("says nothing where an input of a form was left empty", () => {
    expect(ask("accelerator=&nodes=&model=org/m&dryRun=&way=page")).toMatchObject({
      ok: true,
      value: { dryRun: false, way: "page", given: { model: "org/m" } },
    });
  });

  it.each([
    ["acelerator=h100", /did you mean accelerator\?/],
    ["dryrun=true", /did you mean dryRun\?/],
    ["dryRun=perhaps", /true or false/],
    ["dryRun=constructor", /true or false/],
    ["accelerator_count=0", /whole number, 1 or more/],
    ["accelerator_count=1e3", /whole number/],
    ["accelerator=a&accelerator=b", /given twice/],
    ["way=cli", /page or http/],
    ["__proto__=1", /no parameter "__proto__"/],
  ])("is refused with the reason: %s", (search, reason) => {
    const read = ask(search);
    expect(read).toEqual({ ok: false, error: expect.stringMatching(reason) });
  });

  it("takes how the server was started as one text, of a bounded length", () => {
    expect(ask("started_with=vllm+serve+org/m")).toMatchObject({ value: { startedWith: "vllm serve org/m" } });
    expect(ask(`started_with=${"x".repeat(200_001)}`)).toMatchObject({
      error: expect.stringContaining("at most 200000"),
    });
  });

  it("is remembered by the names of what was sent, folders once", () => {
    expect(ingestReason(["run/a.json", "run/b.json", "extra.json"])).toBe("ingest run/, extra.json");
    expect(ingestReason(["a", "b", "c", "d", "e"])).toBe("ingest a, b, c and 2 more");
  });
});
