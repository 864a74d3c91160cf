import { describe, expect, it } from "vitest";
import { EXPORT_FORMATS, exportFile, exportPath, parseExportRequest } from "../../../lib/api/export-request";
import { parseListRequest, parseRunListRequest } from "../../../lib/api/list-params";

const parse = (search: string) => parseExportRequest(new URLSearchParams(search));

describe("the address of an export", () => {
  it("is read back as it was written", () => {
    for (const format of EXPORT_FORMATS) {
      for (const reports of [true, false]) {
        for (const model of [null, "org/small model"]) {
          const request = { format, reports: format === "json" ? reports : true, model };
          const [, search = ""] = exportPath(request, 12).split("?");
          expect(parse(search)).toEqual({ ok: true, value: { request, revision: 12 } });
        }
      }
    }
  });

  it("asks for everything as JSON with reports, at the newest revision, when it says nothing", () => {
    expect(parse("")).toEqual({
      ok: true,
      value: { request: { format: "json", reports: true, model: null }, revision: null },
    });
  });

  it.each(["format=xml", "revision=-1", "revision=latest", "reports=no"])("says what was expected: %s", (search) => {
    expect(parse(search)).toEqual({ ok: false, error: expect.stringContaining("expected") });
  });

  it("is refused with a parameter nobody knows, rather than answered with everything", () => {
    expect(parse("format=csv&modle=org/small")).toEqual({
      ok: false,
      error:
        "modle=org/small: there is no such parameter; did you mean model? Known are format, revision, model, reports",
    });
    expect(parse("rev=3")).toEqual({ ok: false, error: expect.stringContaining("did you mean revision?") });
  });

  it("is refused when it says a parameter twice, rather than answered for one of the two", () => {
    expect(parse("model=org/a&model=org/b")).toEqual({ ok: false, error: "model is said more than once" });
  });

  it("is saved under a name that says what it is, whatever the model is called", () => {
    const name = (format: (typeof EXPORT_FORMATS)[number], model: string | null) =>
      exportFile({ format, model, reports: true }, 7).fileName;
    expect(name("json", null)).toBe("inference-quickstart-r7.jsonl");
    expect(name("csv", null)).toBe("inference-quickstart-r7.csv");
    expect(name("giq-csv", null)).toBe("inference-quickstart-r7-giq.csv");
    expect(name("giq-json", "org/Small 8B")).toBe("inference-quickstart-r7-org-Small-8B-giq.json");
    expect(name("csv", '../../a"\r\nb')).toMatch(/^[\w.-]+$/);
  });
});

describe("a part of a list", () => {
  const page = (search: string) => parseListRequest(new URLSearchParams(search));

  it("is its first hundred unless said", () => {
    expect(page("")).toEqual({ ok: true, value: { limit: 100, offset: 0 } });
    expect(page("limit=1000&offset=50")).toEqual({ ok: true, value: { limit: 1000, offset: 50 } });
  });

  it.each(["limit=0", "limit=1001", "limit=all", "offset=-1", "offset=1e9"])("is refused for %s", (search) => {
    expect(page(search)).toEqual({ ok: false, error: expect.stringContaining("expected a whole number") });
  });

  it("is refused when it is said twice", () => {
    expect(page("limit=5&limit=6")).toEqual({ ok: false, error: "limit is said more than once" });
  });

  it("is refused with anything else", () => {
    expect(page("limit=5&page=2")).toEqual({
      ok: false,
      error: expect.stringMatching(/^page=2: there is no such parameter.*Known are limit, offset$/),
    });
  });
});

describe("a question for runs", () => {
  const ask = (search: string) => parseRunListRequest(new URLSearchParams(search));

  it("is refused when it says a filter twice", () => {
    expect(ask("model=org/a&model=org/b")).toEqual({ ok: false, error: "model is said more than once" });
  });

  it("is what the page's filters say and which part of the list", () => {
    const search = "model=org/small&accelerator=l4-24gb&source=mine&tool=guidellm&from=2026-01-01&to=2026-02-01";
    expect(ask(`${search}&flag=outlier&ingest=4&retired=1&limit=5&offset=10`)).toEqual({
      ok: true,
      value: {
        filter: {
          search: null,
          model: "org/small",
          accelerator: "l4-24gb",
          source: "mine",
          format: "guidellm",
          measuredFrom: "2026-01-01",
          measuredTo: "2026-02-01",
          flag: "outlier",
          ingestId: 4,
          withRetired: true,
        },
        page: { limit: 5, offset: 10 },
      },
    });
  });

  it.each([
    [
      "acelerator=l4-24gb",
      /^acelerator=l4-24gb: there is no such parameter; did you mean accelerator\? Known are q, model, /,
    ],
    ["page=2", /^page=2: there is no such parameter/],
    ["from=yesterday", /^from=yesterday: expected a date/],
    ["limit=0", /^limit: expected a whole number/],
  ])("is refused for %s", (search, why) => {
    expect(ask(search)).toEqual({ ok: false, error: expect.stringMatching(why) });
  });
});
