import { describe, expect, it } from "vitest";
import { EXPORT_FORMATS, exportFile, exportPath, parseExportRequest } from "../../../lib/api/export-request";
import { parseListPage } from "../../../lib/api/list-params";

const parse = (search: string) => parseExportRequest(new URLSearchParams(search));

describe("the address of an export", () => {
  it("is read back as it was written", () => {
    for (const format of EXPORT_FORMATS) {
      for (const reports of [true, false]) {
        for (const model of [null, "org/small model"]) {
          const request = { format, reports: format === "json" ? reports : true, model };
          const [, search = ""] = exportPath(request, 12).split("?");
          expect(parse(search)).toEqual({ request, revision: 12 });
        }
      }
    }
  });

  it("asks for everything as JSON with reports, at the newest revision, when it says nothing", () => {
    expect(parse("")).toEqual({ request: { format: "json", reports: true, model: null }, revision: null });
  });

  it.each(["format=xml", "revision=-1", "revision=latest", "reports=no"])("says what was expected: %s", (search) => {
    expect(parse(search)).toEqual({ expected: expect.stringContaining("expected") });
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
  const page = (search: string) => parseListPage(new URLSearchParams(search));

  it("is its first hundred unless said", () => {
    expect(page("")).toEqual({ limit: 100, offset: 0 });
    expect(page("limit=1000&offset=50")).toEqual({ limit: 1000, offset: 50 });
  });

  it.each(["limit=0", "limit=1001", "limit=all", "offset=-1", "offset=1e9"])("is refused for %s", (search) => {
    expect(page(search)).toEqual({ expected: expect.stringContaining("expected a whole number") });
  });
});
