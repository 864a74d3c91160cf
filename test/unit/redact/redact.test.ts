import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { redactSecrets, redactText } from "../../../lib/redact/redact";
import { fixture } from "../ingest/support";

const redact = (text: string, path = "config.yaml") => {
  const { bytes, redacted } = redactSecrets(new TextEncoder().encode(text), path);
  return { text: new TextDecoder().decode(bytes), redacted };
};

describe("secrets in a report", () => {
  it("are blanked in config.yaml, the rest staying byte for byte", () => {
    const file = fixture("inference-perf/run").find(({ path }) => path === "config.yaml");
    const before = new TextDecoder().decode(file?.bytes);
    const { text, redacted } = redact(before);
    expect(redacted).toEqual(["server.api_key", "tokenizer.token"]);
    expect(text).toBe(
      before.replace("sk-this-is-not-a-real-key", '"[redacted]"').replace('"not-a-real-token"', '"[redacted]"'),
    );
  });

  it("are blanked in JSON at any depth, also one object a line", () => {
    const { text, redacted } = redact(
      '{"server_info": {"api_key": "k", "headers": {"Authorization": "Basic x"}}, "n": 1}\n{"apiKey" : ["a", "b"], "password": 7, "b": 2}',
      "a.jsonl",
    );
    expect(redacted).toEqual(["server_info.api_key", "server_info.headers.Authorization", "apiKey", "password"]);
    expect(text.split("\n").map((line) => JSON.parse(line))).toEqual([
      { server_info: { api_key: "[redacted]", headers: { Authorization: "[redacted]" } }, n: 1 },
      { apiKey: "[redacted]", password: "[redacted]", b: 2 },
    ]);
  });

  it("are blanked behind YAML anchors and in block text", () => {
    const { text } = redact("x: &key very-secret\napi_key: *key\npassword: |\n  two\n  lines\nz: 1\n");
    expect(text).not.toMatch(/very-secret|two|lines/);
    expect(text).toContain("z: 1");
  });

  it("are blanked by their look where no key tells", () => {
    const token = `hf_${"aB3".repeat(11)}`;
    const { text } = redact(
      `{"args": "serve --api-key abc123 --x 1", "env": [{"name": "T", "value": "${token}"}], "u": "https://me:pw12@host/x"}`,
    );
    expect(text).not.toMatch(/abc123|aB3aB3|pw12/);
    expect(JSON.parse(text)).toMatchObject({ args: "serve --api-key [redacted] --x 1" });
  });

  it("are blanked however they are written, and JSON stays JSON", () => {
    const token = `hf_${"aB3".repeat(11)}`;
    const secrets = [
      token,
      `a ${token} b`,
      "serve --api-key abc123def --x 1",
      "https://me:pw123456@host/x",
      "https://h/x?a=1&token=abc123def&b=2",
      "Authorization: Bearer abc123def456",
    ];
    const spelt: ((text: string) => string)[] = [
      (text) => text.replaceAll(/[ -~]/g, (character) => unicodeEscape(character)),
      (text) => text.replaceAll(/[_:=/]/g, (character) => unicodeEscape(character).toUpperCase().replace("\\U", "\\u")),
      (text) => text.replace(/[a-z]/g, (character, index) => (index % 3 === 0 ? unicodeEscape(character) : character)),
      (text) => text.replaceAll("/", "\\/"),
      (text) => `line\\n${text}\\nline`,
    ];
    for (const secret of secrets) {
      const plain = JSON.parse(redact(JSON.stringify({ n: 1, args: secret, m: 2 }), "a.json").text) as { args: string };
      expect(plain.args, secret).toContain("[redacted]");
      for (const spell of spelt) {
        const { text } = redact(`{"n": 1, "args": "${spell(secret)}", "m": 2}`, "a.json");
        expect((JSON.parse(text) as { args: string }).args.replaceAll(/^line\n|\nline$/g, ""), text).toBe(plain.args);
        expect(text.startsWith('{"n": 1, "args": "') && text.endsWith('", "m": 2}')).toBe(true);
      }
    }
    const list = `{"args": ["serve", "${spelt[0]?.("--api-key")}", "abc123def", "--port"]}`;
    expect(redact(list, "a.json").text).toBe(list.replace("abc123def", "[redacted]"));
    expect(redact(`env: "\\x68f_${"aB3".repeat(11)}"\n`).text).toBe('env: "[redacted]"\n');
  });

  it("are blanked up to an escaped quote: JSON stays JSON", () => {
    for (const text of ['curl \\"https://h/x?key=abc123\\" -v', 'sh -c \\"serve --token abc123\\"']) {
      const json = `{"args": "${text}"}`;
      expect(redact(json, "a.json").text).toBe(json.replace("abc123", "[redacted]"));
    }
  });

  it("leave what only looks escaped as it is", () => {
    const text = JSON.stringify({ a: "caf\u00e9 \u2019", path: "C:\\users\\x00", url: "https:\\/\\/host\\/x" });
    const escaped = text.replace("caf\u00e9", "caf\\u00e9 \\u003cb\\u003e");
    expect(redact(escaped, "a.json")).toEqual({ text: escaped, redacted: [] });
  });

  it("are blanked where the item before in a list names them", () => {
    const json = JSON.stringify({ args: ["serve", "--api-key", "abc123", "--port", "1"] }, null, 2);
    expect(redact(json, "a.json").text).toBe(json.replace("abc123", "[redacted]"));
    const yaml = "args:\n  - serve\n  - --api-key\n  - abc123\n  - --port\n  - '1'\n";
    expect(redact(yaml).text).toBe(yaml.replace("abc123", "[redacted]"));
  });

  it("are not seen in figures about tokens", () => {
    for (const file of [...fixture("inference-perf/run"), ...fixture("vllm-bench-serve"), ...fixture("figures")]) {
      if (file.path === "config.yaml") continue;
      expect(redactSecrets(file.bytes, file.path)).toEqual({ bytes: file.bytes, redacted: [] });
    }
    const text =
      '{"time_per_output_token": {"mean": 1}, "tokenizer": "x", "token": 5, "api_key": null, "total_tokens": 3}';
    expect(redact(text, "a.json")).toEqual({ text, redacted: [] });
  });

  it("never make it throw, and JSON stays JSON", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => JSON.parse(redact(json, "a.json").text)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("api_key", "token", "a", "password", "mean"), fc.jsonValue()),
        (record) => {
          const { text } = redact(JSON.stringify(record), "a.json");
          const back = JSON.parse(text) as Record<string, unknown>;
          expect(Object.keys(back)).toEqual(Object.keys(record));
          expect(back.a).toEqual(JSON.parse(JSON.stringify(record)).a);
        },
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void redact(text)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void redactSecrets(bytes, "x")));
  });
});

describe("secrets of many makers", () => {
  it.each([
    ["bearer abcdefgh12345678", "bearer [redacted]"],
    ["--openai-api-key abcdefgh", "--openai-api-key [redacted]"],
    ["--hf_token=abcdefgh", "--hf_token=[redacted]"],
    [`ghp_${"a1".repeat(18)}`, "[redacted]"],
    [`glpat-${"a1b2".repeat(5)}`, "[redacted]"],
    [`nvapi-${"a1b2".repeat(8)}`, "[redacted]"],
    [`AKIA${"A1B2".repeat(4)}`, "[redacted]"],
    ["https://s3.example.org/x?X-Amz-Signature=abc123&y=1", "https://s3.example.org/x?X-Amz-Signature=[redacted]&y=1"],
  ])("%s is blanked", (text, expected) => {
    expect(redactText(text, "text").text).toBe(expected);
  });

  it.each([
    "time_per_output_token: 3",
    "--max-tokens 128",
    "ghost_writer_of_some_long_name",
    "tokenizer --token-count",
  ])("%s is none", (text) => expect(redactText(text, "text").text).toBe(text));
});

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

describe("YAML whose texts stand without quotes", () => {
  const BEGIN = "-----BEGIN RSA PRIVATE KEY-----";
  const END = "-----END RSA PRIVATE KEY-----";
  const LINE = "MIIEpAIBAAKCAQEAyyyyyyyyyyyyyyyyyyyyyy";

  it.each([
    ["line by line", `key:\n  - ${BEGIN}\n  - ${LINE}\n  - ${END}\nz: 1\n`, ["[redacted]", "[redacted]", END]],
    ["line by line, not indented", `key:\n- ${BEGIN}\n- ${LINE}\n- ${END}\nz: 1\n`, ["[redacted]", "[redacted]", END]],
    ["in brackets", `key: [${BEGIN}, ${LINE}, ${END}]\nz: 1\n`, ["[redacted]", "[redacted]", END]],
    ["as one text", `key: ${BEGIN}\n  ${LINE}\n  ${END}\nz: 1\n`, "[redacted]"],
    ["as one text of a list", `key:\n  - ${BEGIN}\n    ${LINE}\n    ${END}\nz: 1\n`, ["[redacted]"]],
    ["as a block", `key: |\n  ${BEGIN}\n  ${LINE}\n  ${END}\nz: 1\n`, "[redacted]\n"],
    ["as a block without its end", `key: |\n  ${BEGIN}\n  ${LINE}\n\n# more\nz: 1\n`, "[redacted]\n"],
  ])("keeps its shape around a private key %s, and is not blanked again", (_, yaml, key) => {
    const { text } = redact(yaml);
    expect(parse(text)).toEqual({ key, z: 1 });
    expect(redact(text)).toEqual({ text, redacted: [] });
  });

  it("says the same but for its secrets, wherever in a text they stand", () => {
    const token = `hf_${"aB3".repeat(11)}`;
    const word = fc.constantFrom(token, "serve", "#", ";", ",", "]", "}", "[", "- x");
    const aText = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    const value = fc.record({
      first: fc.array(aText),
      second: fc.dictionary(fc.constantFrom("a", "b"), aText),
      n: fc.nat(),
    });
    fc.assert(
      fc.property(value, fc.constantFrom("any", "block", "flow"), (before, collectionStyle) => {
        const yaml = stringify(before, { collectionStyle, lineWidth: 0 });
        const expected = JSON.parse(JSON.stringify(before).replaceAll(token, "[redacted]"));
        expect(parse(redact(yaml).text)).toEqual(expected);
      }),
    );
  });
});
