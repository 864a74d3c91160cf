import { crc32, gzipSync } from "node:zlib";
import type { CarriedReport, HeldFile } from "../../lib/ingest/report";
import { sha256Hex } from "../../lib/measurement/identity";
import { redactSecrets } from "../../lib/redact/redact";

/** Level of gzip: three times as fast as the usual one, for a few per cent more bytes. */
const FAST_COMPRESSION = 1;

/** A file as it will be stored, whatever its size. */
export interface FileToStore {
  path: string;
  /** Of the original bytes. */
  sha256: string;
  /** Of the original bytes. */
  byteLength: number;
  /**
   * Set where it came inside an export. If secrets were blanked there, nothing but the export says that its bytes belong to the
   * hash.
   */
  isCarried?: true;
  /** Its content with secrets blanked, as gzip members in order, and what was blanked in words. */
  content(): StoredContent;
}

export interface StoredContent {
  parts: Iterable<Uint8Array>;
  redacted: readonly string[];
}

/** A report from inside an export. */
export function carriedFileToStore(report: CarriedReport): FileToStore {
  const { sha256, byteLength, fileName, parts, redacted } = report;
  const baseName = fileName.split("/").at(-1) ?? fileName;
  return {
    path: `carried/${sha256}/${baseName}`,
    sha256,
    byteLength,
    isCarried: true,
    content: () => ({ parts, redacted }),
  };
}

/**
 * Smaller reports are stored as they are: below a page of the database, compressing would take longer than everything else and
 * save two or three kilobytes.
 */
const COMPRESSED_FROM_BYTES = 4096;

const GZIP_HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const STORED_BLOCK_BYTES = 5;
const GZIP_TRAILER_BYTES = 8;

/** For few bytes a smaller window is used: setting up the usual one takes longer than compressing them. */
const SMALL_BYTES = 16 * 1024;
const SMALL_WINDOW = { level: FAST_COMPRESSION, windowBits: 14, memLevel: 6, chunkSize: SMALL_BYTES / 4 };

/** Bytes as one gzip member (RFC 1952); few of them as they are, in a stored block (RFC 1951, 3.2.4). */
export function gzipMember(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= COMPRESSED_FROM_BYTES) {
    return gzipSync(bytes, bytes.length <= SMALL_BYTES ? SMALL_WINDOW : { level: FAST_COMPRESSION });
  }
  const start = GZIP_HEADER.length + STORED_BLOCK_BYTES;
  const member = Buffer.allocUnsafe(start + bytes.length + GZIP_TRAILER_BYTES);
  member.set(GZIP_HEADER, 0);
  member[GZIP_HEADER.length] = 1;
  member.writeUInt16LE(bytes.length, GZIP_HEADER.length + 1);
  member.writeUInt16LE(~bytes.length & 0xffff, GZIP_HEADER.length + 3);
  member.set(bytes, start);
  member.writeUInt32LE(crc32(bytes), start + bytes.length);
  member.writeUInt32LE(bytes.length, start + bytes.length + 4);
  return member;
}

/** A file whose bytes are held in memory. */
export function fileToStore(file: HeldFile): FileToStore {
  return {
    path: file.path,
    sha256: file.sha256 ?? sha256Hex(file.bytes),
    byteLength: file.bytes.byteLength,
    content() {
      const { bytes, redacted } = redactSecrets(file.bytes, file.path);
      return { parts: [gzipMember(bytes)], redacted };
    },
  };
}
