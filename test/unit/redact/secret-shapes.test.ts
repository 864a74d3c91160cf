import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { redactSecrets, redactText, withoutSecrets } from "../../../lib/redact/redact";
import { RedactingStream } from "../../../lib/redact/redact-stream";
import { SECRET_FORMS } from "../../../lib/redact/secret-forms";
import { projectRoot } from "../ingest/support";
import { HARMLESS_MEMBERS, SECRET, SECRET_SHAPES, type SecretShape } from "./secret-shapes";

const FIGURES = { backend: "vllm", total_input_tokens: 1024, mean_ttft_ms: 12.5, request_throughput: 3.5 };

function jsonOf({ members, written }: SecretShape, indent?: number): string {
  const json = JSON.stringify({ ...FIGURES, ...members }, null, indent);
  return written === undefined ? json : `${json.slice(0, -1)},${written}}`;
}

function redact(text: string, fileName: string): { text: string; redacted: string[] } {
  const { bytes, redacted } = redactSecrets(new TextEncoder().encode(text), fileName);
  return { text: new TextDecoder().decode(bytes), redacted };
}

function streamed(text: string, pieceBytes: number): string {
  const stream = new RedactingStream(1);
  const bytes = Buffer.from(text);
  const segments: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    segments.push(...stream.push(bytes.subarray(start, start + pieceBytes)));
  }
  return Buffer.concat([...segments, ...stream.end()]).toString("utf8");
}

describe.each(SECRET_SHAPES.map((shape) => [shape.name, shape] as const))("a secret as %s", (_, shape) => {
  it("is blanked in JSON, which stays JSON with the figures in it", () => {
    for (const json of [jsonOf(shape), jsonOf(shape, 2)]) {
      const { text, redacted } = redact(json, "report.json");
      expect(text).not.toContain(shape.secret);
      expect(JSON.parse(text)).toMatchObject(FIGURES);
      expect(redacted.length).toBeGreaterThan(0);
      expect(redacted.join()).not.toContain(shape.secret);
    }
  });

  it("is blanked the same where the file comes in pieces", () => {
    for (const indent of [undefined, 2]) {
      const json = jsonOf(shape, indent);
      const whole = redact(json, "report.json").text;
      for (const size of [1, 7, 64]) expect(streamed(json, size)).toBe(whole);
    }
  });

  it("is blanked in YAML", () => {
    const yaml = stringify(JSON.parse(jsonOf(shape)), { lineWidth: 0 });
    expect(redact(yaml, "report.yaml").text).not.toContain(shape.secret);
  });

  it("is not found again once it is blanked", () => {
    const json = redact(jsonOf(shape), "report.json").text;
    expect(redact(json, "report.json")).toEqual({ text: json, redacted: [] });
    expect(streamed(json, 7)).toBe(json);
    const yaml = redact(stringify(JSON.parse(jsonOf(shape)), { lineWidth: 0 }), "report.yaml").text;
    expect(redact(yaml, "report.yaml")).toEqual({ text: yaml, redacted: [] });
  });

  it("is blanked in a text of a run and in the audit", () => {
    const texts = Object.entries(shape.members).flatMap(([key, value]) =>
      typeof value !== "string" ? [] : /^\w{30,}$/.test(value) ? [`${key}=${value}`] : [value],
    );
    for (const text of texts) {
      expect(withoutSecrets(text)).not.toContain(shape.secret);
      expect(redactText(JSON.stringify([{ message: `a.json: ${text}` }]), "json").text).not.toContain(shape.secret);
    }
  });
});

it("A private key in a list of lines ends at its last line, when it is looked for again, too", () => {
  const lines = ["-----BEGIN PRIVATE KEY-----", SECRET, "-----END PRIVATE KEY-----", "an ordinary line"];
  const blanked = { note: [lines[0], "[redacted]", lines[2], lines[3]] };
  const json = redact(JSON.stringify({ note: lines }), "report.json").text;
  expect(JSON.parse(json)).toEqual(blanked);
  expect(redact(json, "report.json").redacted).toEqual([]);
  const yaml = redact(stringify({ note: lines }), "report.yaml").text;
  expect(yaml).toContain("an ordinary line");
  expect(redact(yaml, "report.yaml").redacted).toEqual([]);
});

describe("what only looks like a secret to a search for words", () => {
  it.each(Object.entries(HARMLESS_MEMBERS))("stays: %s", (key, value) => {
    const json = JSON.stringify({ ...FIGURES, [key]: value });
    expect(redact(json, "report.json")).toEqual({ text: json, redacted: [] });
    expect(streamed(json, 7)).toBe(json);
    const yaml = stringify({ ...FIGURES, [key]: value }, { lineWidth: 0 });
    expect(redact(yaml, "report.yaml")).toEqual({ text: yaml, redacted: [] });
    const csv = `model,${key}\nm,${typeof value === "object" ? "" : String(value).replaceAll(",", " ")}\n`;
    expect(redact(csv, "figures.csv")).toEqual({ text: csv, redacted: [] });
  });

  it("stays in every file of the fixtures and of the shipped data: only the keys put there are blanked", () => {
    const names = new Set<string>();
    let files = 0;
    for (const folder of ["test/fixtures", "data"]) {
      for (const name of readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" })) {
        const file = path.join(projectRoot, folder, name);
        if (!statSync(file).isFile() || !/\.(?:json|jsonl|ya?ml|csv|txt|md)$/.test(name)) continue;
        const { redacted } = redactSecrets(readFileSync(file), name);
        if (redacted.length > 0) files++;
        for (const what of redacted) names.add(what);
      }
    }
    expect(new Set([...names].map((name) => name.split(".").at(-1)))).toEqual(new Set(["api_key", "token"]));
    expect(files).toBe(11);
  });
});

describe("the kept list of token forms", () => {
  it.each(SECRET_FORMS.map(({ name, example }) => [name, example] as const))(
    "%s: its example is blanked",
    (_, example) => {
      expect(withoutSecrets(example.text)).not.toContain(example.secret);
      expect(withoutSecrets(`before\n${example.text}\nafter`)).not.toContain(example.secret);
      expect(withoutSecrets(example.text)).toContain("[redacted]");
    },
  );
});

describe("secrets in a table", () => {
  it.each([",", ";", "\t"])("are blanked under headings that name them, with the separator %j", (separator) => {
    const rows = [
      ["model", "api_key", "Password", "max_tokens", "note"],
      ["m", SECRET, "hunter2", "128", `"a ""quoted""${separator} x"`],
      ["m", `"${SECRET}"`, "", "128", "y"],
    ];
    const table = rows.map((row) => row.join(separator)).join("\r\n");
    const expected = table.replaceAll(SECRET, "[redacted]").replace("hunter2", "[redacted]");
    expect(redact(table, "a.csv").text).toBe(expected);
    expect(redact(table, "a.csv").redacted).toEqual(["api_key", "Password", "api_key"]);
    expect(redact(table, "a.txt").text).toBe(expected);
  });

  it("are blanked in JSON within a cell", () => {
    const table = `model,args\nm,"{""api_key"": ""${SECRET}"", ""max_tokens"": 5}"\n`;
    expect(redact(table, "a.csv").text).toBe(table.replace(SECRET, "[redacted]"));
  });
});

describe("secrets in side files", () => {
  it.each([
    `# hf_token: ${SECRET}\naccelerator: l4-24gb\n`,
    `# export HF_TOKEN=${SECRET}\naccelerator: l4-24gb\n`,
    `accelerator: l4-24gb # password ${SECRET} login\n# api_key = ${SECRET}\n`.replace(`password ${SECRET} login`, "x"),
    `{hf_token: ${SECRET}, accelerator: l4-24gb}\n`,
    `env:\n  - name: HF_TOKEN\n    value: ${SECRET}\n`,
    `env:\n  - value: ${SECRET}\n    name: HF_TOKEN\n`,
    `columns:\n  a: b\n# Authorization: Basic ${SECRET}\n`,
  ])("are blanked in comments, flow maps and environments: %j", (yaml) => {
    expect(redact(yaml, "iq.yaml").text).not.toContain(SECRET);
  });
});

describe("a hostile text", () => {
  // Work that grew with the square of the length would take minutes here, not parts of a second: the test would run out of time.
  it.each([
    ...["pwd=$(", "key='", "secret:[", "--token ", "://", "://a:", "://a?key=", "-eyJ-", "-sk-", "hf_A1a\n", "auth: "],
    ...[
      "-----BEGIN PRIVATE KEY-----",
      "login a password ",
      '{"name":"HF_TOKEN","value":',
      '["--token",',
      "password: |\n",
    ],
  ])("made of %j takes work that grows with its length", (unit) => {
    const text = unit.repeat(Math.floor(60_000 / unit.length));
    for (const [start, name] of [
      ["", "a.csv"],
      ['{"x": "', "a.json"],
      ["[", "a.json"],
      ["api_key,b\n", "a.csv"],
    ] as const) {
      expect(redact(start + text, name).text.startsWith(start)).toBe(true);
    }
  });
});
