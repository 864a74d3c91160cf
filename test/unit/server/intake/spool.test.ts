import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gzipMember } from "../../../../db/store/file-to-store";
import { spoolSource } from "../../../../server/intake/byte-source";
import { Spool, type Spooled } from "../../../../server/intake/spool";

const MIB = 1024 * 1024;

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function spoolFiles(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("inference-quickstart-"));
}

describe("a spool", () => {
  const before = spoolFiles();

  it("gives back what was put in, from memory or from its file, whole and in part", async () => {
    const spool = new Spool();
    const sizes = [0, 10, 3 * MIB, 10, 2 * MIB, 5 * MIB, 1, 0, 4 * MIB, 100];
    const put = sizes.map((size, index): [Buffer, Spooled] => {
      const bytes = Buffer.alloc(size, `${index}-`);
      return [bytes, spool.append(bytes)];
    });
    const [streamed] = put[2] ?? [];
    const region = await spool.appendStream(Readable.from([streamed ?? Buffer.alloc(0), Buffer.from("end")]));
    put.push([Buffer.concat([streamed ?? Buffer.alloc(0), Buffer.from("end")]), region]);
    for (const [bytes, place] of put) {
      expect(spool.read(place).equals(bytes)).toBe(true);
      const source = spoolSource(spool, place);
      expect((await bytesOf(source.stream())).equals(bytes)).toBe(true);
      const [from, to] = [Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)];
      expect((await bytesOf(source.stream(from, to))).equals(bytes.subarray(from, to))).toBe(true);
      expect(source.read(from, to).equals(bytes.subarray(from, to))).toBe(true);
    }
    expect(spoolFiles()).toEqual(before);
    spool.close();
  });

  it("may be closed unused, and after little", () => {
    new Spool().close();
    const spool = new Spool();
    spool.append(Buffer.from("little"));
    spool.close();
    expect(spoolFiles()).toEqual(before);
  });
});

describe("content as it is stored", () => {
  it("is a gzip member, however little it is", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.integer({ min: 2000, max: 2100 }).map((size) => new Uint8Array(size).fill(size % 251)),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        expect(gunzipSync(gzipMember(content))).toEqual(Buffer.from(content));
      }),
    );
    expect(gzipMember(new Uint8Array(10_000)).length).toBeLessThan(1000);
  });
});
