import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

export interface ZipEntry {
  name: string;
  content: string | Uint8Array;
  stored?: boolean;
  encrypted?: boolean;
  /** Size the archive claims, where it lies. */
  claimedSize?: number;
}

/** A zip archive; written here because archives that lie are wanted too. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, encrypted = false, claimedSize } of entries) {
    const bytes = Buffer.from(content);
    const packed = stored ? bytes : deflateRawSync(bytes);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((encrypted ? 1 : 0) | 0x800, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize ?? bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, path]));
    files.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, item) => sum + item.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** A tar archive. */
export async function tarOf(entries: readonly (Partial<Header> & { name: string; content?: string | Uint8Array })[]) {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, Buffer.from(content));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function tarGzOf(entries: Parameters<typeof tarOf>[0]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}
