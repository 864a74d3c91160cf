import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { receiveUpload, type UploadLimits } from "../../../../server/intake/receive-upload";
import { Spool } from "../../../../server/intake/spool";

const BOUNDARY = "----a-boundary";
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

interface Part {
  name: string;
  fileName?: string;
  content: string | Uint8Array;
}

function formBody(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ name, fileName, content }) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? "" : `; filename="${fileName}"\r\ncontent-type: application/octet-stream`}\r\n\r\n`,
    content,
    "\r\n",
  ]);
  return Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece)));
}

async function receive(
  body: Uint8Array | readonly Uint8Array[],
  options: { contentType?: string; contentEncoding?: string; fileName?: string; limits?: UploadLimits } = {},
) {
  const spool = new Spool();
  onTestFinished(() => spool.close());
  const { contentType = "", contentEncoding = "", fileName = null, limits } = options;
  const chunks = body instanceof Uint8Array ? [body] : body;
  const upload = await receiveUpload(Readable.from(chunks), { contentType, contentEncoding, fileName }, spool, limits);
  const files = await Promise.all(
    upload.files.map(async ({ path, named, region }) => ({ path, named, content: await buffer(spool.stream(region)) })),
  );
  return { fields: upload.fields, files };
}

/** So many bytes of every value in no order: drawing each by itself takes longer than sending them. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  let state = seed | 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

describe("an upload", () => {
  it("is the files of a form with their folders, and its fields", async () => {
    const body = formBody([
      { name: "accelerator", content: "h100" },
      { name: "files", fileName: "run/stage_0.json", content: "{}" },
      { name: "files", fileName: "Büro.json", content: "[1]" },
      { name: "files", fileName: "", content: "" },
    ]);
    const { files, fields } = await receive(body, { contentType: FORM });
    expect(fields).toEqual([["accelerator", "h100"]]);
    expect(files).toEqual([
      { path: "run/stage_0.json", named: false, content: Buffer.from("{}") },
      { path: "Büro.json", named: true, content: Buffer.from("[1]") },
    ]);
  });

  it("is the body itself otherwise, also as curl labels it", async () => {
    for (const contentType of ["", "application/json", "application/x-www-form-urlencoded"]) {
      const { files } = await receive(Buffer.from("{}"), { contentType, fileName: "runs/a.json" });
      expect(files).toEqual([{ path: "runs/a.json", named: false, content: Buffer.from("{}") }]);
    }
    expect((await receive(Buffer.from("{}"))).files[0]).toMatchObject({ path: "report", named: true });
  });

  it("comes out byte for byte, however the network cut it", async () => {
    const anyPart = fc.record({
      name: fc.constantFrom("files", "other"),
      fileName: fc.constantFrom("a.json", "b/c.json", "d.bin"),
      content: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.tuple(fc.integer({ min: 60_000, max: 200_000 }), fc.nat()).map(([length, seed]) => noise(length, seed)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPart, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 8 }),
        async (parts, sizes) => {
          const body = formBody(parts);
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < body.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            // Tiny chunks throughout a large body only cost time.
            const step = body.length > 100_000 ? Math.max(size, 5_000) : size;
            chunks.push(body.subarray(at, at + step));
            at += step;
          }
          const { files } = await receive(chunks, { contentType: FORM });
          expect(files.map(({ path }) => path)).toEqual(parts.map(({ fileName }) => fileName));
          expect(files.map(({ content }, index) => content.equals(parts[index]?.content ?? Buffer.of()))).toEqual(
            parts.map(() => true),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  const small: UploadLimits = { bytes: 1000, files: 2 };
  const file = (name: string, length = 1) => ({ name: "files", fileName: name, content: "x".repeat(length) });
  it.each<[string, Buffer, Parameters<typeof receive>[1], number, RegExp]>([
    ["no file", formBody([{ name: "model", content: "a" }]), { contentType: FORM }, 400, /No file was sent/],
    ["an empty body", Buffer.alloc(0), {}, 400, /No file was sent/],
    ["a path outside", formBody([file("../a.json")]), { contentType: FORM }, 400, /\.\.\/a\.json.*refused/],
    ["an absolute raw name", Buffer.from("{}"), { fileName: "/etc/a" }, 400, /refused/],
    ["too many bytes", formBody([file("a", 2000)]), { contentType: FORM, limits: small }, 413, /at most 1000 bytes/],
    ["too large a body", Buffer.alloc(2000), { limits: small }, 413, /at most 1000 bytes/],
    [
      "too many files",
      formBody(["a", "b", "c"].map((name) => file(name))),
      { contentType: FORM, limits: small },
      413,
      /at most 2 files/,
    ],
    [
      "a field as large as a file",
      formBody([{ name: "model", content: "x".repeat(20_000) }]),
      { contentType: FORM },
      413,
      /longer than/,
    ],
    [
      "too many fields",
      formBody(Array.from({ length: 101 }, () => ({ name: "m", content: "x" }))),
      { contentType: FORM },
      413,
      /at most 100 fields/,
    ],
    [
      "another kind of multipart",
      Buffer.from("x"),
      { contentType: "multipart/mixed; boundary=x" },
      415,
      /multipart\/mixed/,
    ],
    ["an encoding we cannot read", Buffer.from("x"), { contentEncoding: "br" }, 415, /content-encoding br/],
    ["a form without boundary", Buffer.from("x"), { contentType: "multipart/form-data" }, 400, /cannot be read/],
    [
      "a form that is cut off",
      formBody([file("a", 500)]).subarray(0, 300),
      { contentType: FORM },
      400,
      /cannot be read/,
    ],
  ])("is refused with a reason: %s", async (_name, body, options, status, message) => {
    await expect(receive(body, options)).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
  });

  it("ends when its sender goes away", async () => {
    const broken = new Readable({ read() {} });
    broken.push(formBody([file("a", 500)]).subarray(0, 300));
    setImmediate(() => broken.destroy(new Error("gone")));
    const spool = new Spool();
    onTestFinished(() => spool.close());
    const request = { contentType: FORM, contentEncoding: "", fileName: null };
    await expect(receiveUpload(broken, request, spool)).rejects.toThrow("gone");
  });
});
