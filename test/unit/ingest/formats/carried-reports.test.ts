import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CarriedReports } from "../../../../lib/ingest/formats/inference-quickstart-export/carried-reports";

const SECRET = `hf_${"aB3".repeat(11)}`;

/** A report in parts cut at the given places, as an export carries it. */
function carried(text: string, cuts: readonly number[]) {
  const sink = { file: "export.jsonl", problems: [] };
  const reports = new CarriedReports(sink);
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  reports.addReport(
    { sha256, fileName: "report.json", mediaType: "application/json", byteLength: bytes.length },
    "line 1",
  );
  const ends = [...cuts, bytes.length];
  for (const [ordinal, end] of ends.entries()) {
    const gzipBase64 = gzipSync(bytes.subarray(ends[ordinal - 1] ?? 0, end)).toString("base64");
    reports.addPart({ sha256, ordinal, gzipBase64 }, "line 2");
  }
  const [report] = reports.whole();
  const content = Buffer.concat([...(report?.parts ?? [])].map((part) => gunzipSync(part))).toString("utf8");
  return { content, redacted: report?.redacted, problems: sink.problems };
}

describe("a report that an export carries in parts", () => {
  it("shows no secret, wherever it is cut: in it, behind the option that names it, in its key", () => {
    const text = `{"note": "é ${SECRET}", "args": ["--client-secret", "s3cr3t-value"], "api_key": "s3cr3t-value"}`;
    const length = Buffer.byteLength(text);
    for (let cut = 1; cut < length; cut++) {
      const { content, redacted, problems } = carried(text, [cut]);
      expect(problems).toEqual([]);
      expect(content, `cut at ${cut}`).not.toMatch(/hf_aB3|s3cr3t/);
      expect(JSON.parse(content)).toMatchObject({ note: "é [redacted]", api_key: "[redacted]" });
      expect(redacted).toHaveLength(3);
    }
  });

  it("stays as it is where it holds none", () => {
    const text = `{"list": [${"1.5, ".repeat(50)}2], "é": "--token"}`;
    for (const cuts of [[], [10], [10, 20, 300]]) {
      expect(carried(text, cuts)).toEqual({ content: text, redacted: [], problems: [] });
    }
  });

  it("names no secret among what was blanked elsewhere", () => {
    const sink = { file: "export.jsonl", problems: [] };
    const reports = new CarriedReports(sink);
    const bytes = Buffer.from('{"a": "[redacted]"}');
    const storedSha256 = createHash("sha256").update(bytes).digest("hex");
    const sha256 = "b".repeat(64);
    reports.addReport({ sha256, storedSha256, byteLength: 9, redacted: [SECRET, `a.${SECRET}`, "api_key"] }, "line 1");
    reports.addPart({ sha256, ordinal: 0, gzipBase64: gzipSync(bytes).toString("base64") }, "line 2");
    expect(reports.whole()[0]?.redacted).toEqual(["[redacted]", "a.[redacted]", "api_key"]);
  });

  it("is refused where a value has no end, however small it came", () => {
    // Three are more than may be held together.
    const endless = gzipSync(Buffer.alloc(43 * 1024 * 1024, "a")).toString("base64");
    const sink = { file: "export.jsonl", problems: [] };
    const reports = new CarriedReports(sink);
    const sha256 = "a".repeat(64);
    reports.addReport({ sha256, byteLength: 1 }, "line 1");
    reports.addPart({ sha256, ordinal: 0, gzipBase64: gzipSync(Buffer.from('["')).toString("base64") }, "line 2");
    for (let ordinal = 1; ordinal <= 3; ordinal++) reports.addPart({ sha256, ordinal, gzipBase64: endless }, "line 3");
    expect(reports.whole()).toEqual([]);
    expect(sink.problems).toMatchObject([{ expected: expect.stringContaining("MiB a part") }]);
  });
});
