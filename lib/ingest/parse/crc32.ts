import * as zlib from "node:zlib";

const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** The same by table, for Node before 20.15. */
export function crc32ByTable(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (let index = 0; index < bytes.length; index++) {
    value = (TABLE[(value ^ (bytes[index] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  }
  return ~value >>> 0;
}

/**
 * Checksum of bytes as zip and gzip have it (CRC-32, ISO 3309). `before` is the checksum of what came before them.
 */
export const crc32: (bytes: Uint8Array, before?: number) => number =
  "crc32" in zlib && typeof zlib.crc32 === "function" ? zlib.crc32 : crc32ByTable;
