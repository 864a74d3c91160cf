import { gzipSync } from "node:zlib";
import { sha256Hex } from "../../lib/ingest/identity";
import { redactSecrets } from "../../lib/ingest/redact";
import type { CarriedReport, ReportFile } from "../../lib/ingest/report";

/** Level of gzip: three times as fast as the usual one, for a few per cent more bytes. */
export const FAST_COMPRESSION = 1;

/** A file as it will be stored, whatever its size. */
export interface IngestFile {
  path: string;
  /** Of the original bytes. */
  sha256: string;
  /** Of the original bytes. */
  byteLength: number;
  /** Its content with secrets blanked, as gzip members in order, and what was blanked in words. */
  content(): StoredContent;
}

export interface StoredContent {
  parts: Iterable<Uint8Array>;
  redacted: readonly string[];
}

/** A report an export carried along. */
export function carriedIngestFile(report: CarriedReport): IngestFile {
  const { sha256, byteLength, fileName, parts, redacted } = report;
  const baseName = fileName.split("/").at(-1) ?? fileName;
  return { path: `carried/${sha256}/${baseName}`, sha256, byteLength, content: () => ({ parts, redacted }) };
}

/** A file whose bytes are held in memory. */
export function ingestFileOf(file: ReportFile): IngestFile {
  return {
    path: file.path,
    sha256: file.sha256 ?? sha256Hex(file.bytes),
    byteLength: file.bytes.byteLength,
    content() {
      const { bytes, redacted } = redactSecrets(file.bytes, file.path);
      return { parts: [gzipSync(bytes, { level: FAST_COMPRESSION })], redacted };
    },
  };
}
