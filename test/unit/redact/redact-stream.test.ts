import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactSecrets } from "../../../lib/redact/redact";
import { RedactingStream } from "../../../lib/redact/redact-stream";
import { bytesInPieces, PIECES } from "../ingest/pieces";

const SECRET = "s3cr3t-n0t-t0-be-seen";
const TOKEN = `hf_${"aB3".repeat(11)}`;

function inSegments(text: string, sizes: readonly number[], segmentCharacters: number): string {
  const stream = new RedactingStream(segmentCharacters);
  const segments = bytesInPieces(text, sizes).flatMap((bytes) => stream.push(bytes));
  return Buffer.concat([...segments, ...stream.end()]).toString("utf8");
}

function whole(text: string): string {
  return Buffer.from(redactSecrets(new TextEncoder().encode(text), "a.json").bytes).toString("utf8");
}

describe("secrets in a file that comes in pieces", () => {
  const key = fc.oneof(
    fc.constantFrom("api_key", "Authorization", "token", "hf_token", "password", "credentials", "a", "mean", 'é"\\'),
    fc.string(),
  );
  const secretText = fc.constantFrom(
    SECRET,
    TOKEN,
    `serve --api-key ${SECRET} --port 1`,
    "--api-key",
    `x --token`,
    "--openai_api_key",
    "--API-KEY",
    "--client-secret",
    `Bearer ${SECRET}`,
    `https://me:${SECRET}@host/`,
    `https://host/?key=${SECRET}&x=1`,
    '"quoted" \\ é \u{1F600}',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, 0, 1.5, true, false, ""),
      secretText,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));

  it("are blanked as in the whole file, wherever it is cut", () => {
    const file = fc.tuple(
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 1, 2),
      fc.constantFrom("array", "lines"),
    );
    fc.assert(
      fc.property(file, PIECES, fc.integer({ min: 1, max: 60 }), ([values, indent, form], sizes, segment) => {
        const text =
          form === "array"
            ? JSON.stringify(values, null, indent)
            : values.map((one) => JSON.stringify({ one }, null, indent)).join("\n");
        expect(inSegments(text, sizes, segment)).toBe(whole(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("are blanked where a list or an object is the secret, or the item before says so", () => {
    const texts = [
      `{"n": [1, 2], "api_key": ["x1", "${SECRET}", "x2"], "m": [1, 2, 3]}`,
      `{"credentials": {"user": "me", "pass": "${SECRET}", "deep": [1, 2, {"x": "${SECRET}"}]}, "m": 1}`,
      `{"args": ["serve", "--api-key", "${SECRET}", "--port", "1"]}`,
      `{"args": ["serve --api-key", "${SECRET}", 1]}`,
      `{"args": ["serve", "--secret", "${SECRET}", "--port", "1"]}`,
      `{"args": ["serve", "--openai_api_key", "${SECRET}", "--port", "1"]}`,
      `{"args": ["serve", "--Access-Token", "${SECRET}", "--port", "1"]}`,
      `{"api\\u005fkey": ["a", "${SECRET}"]}`,
      `{"args": ["serve", "--api\\u002dkey", "${SECRET}", "--port", "1"]}`,
      JSON.stringify({ args: ["--api-key", SECRET], list: [1, 2] }, null, 2),
    ];
    for (const text of texts) {
      expect(whole(text), text).not.toContain(SECRET);
      for (let size = 1; size <= 12; size++) {
        const blanked = inSegments(text, [size], 1);
        expect(blanked, text).toBe(whole(text));
        expect(() => JSON.parse(blanked), text).not.toThrow();
      }
    }
  });

  it("hand everything else on byte for byte, in segments", () => {
    const text = JSON.stringify(Array.from({ length: 1000 }, (_, index) => ({ index, text: `é${index}` })));
    const stream = new RedactingStream(1000);
    const segments = bytesInPieces(text, [97]).flatMap((bytes) => stream.push(bytes));
    expect(segments.length).toBeGreaterThan(10);
    for (const segment of segments) expect(segment.length).toBeLessThan(1300);
    expect(Buffer.concat([...segments, ...stream.end()]).toString("utf8")).toBe(text);
    expect(stream.redacted).toEqual([]);
  });

  it("are counted, the first hundred by name", () => {
    const stream = new RedactingStream(100);
    const text = JSON.stringify(Array.from({ length: 150 }, () => ({ api_key: SECRET })));
    for (const bytes of bytesInPieces(text, [64])) stream.push(bytes);
    stream.end();
    expect(stream.redacted).toHaveLength(101);
    expect(stream.redacted.at(-1)).toBe("and 50 more");
  });
});
