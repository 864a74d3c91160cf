import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { countAt, type FieldSink, type JsonRecord, memberPath, own, textAt } from "../fields";
import { MAX_FILE_BYTES } from "../limits";
import { redactSecrets } from "../redact";
import type { CarriedReport } from "../report";
import { isSha256, refuse, shortText } from "./exported-fields";

/** A file held whole is one part; larger ones are written in parts of a few MiB. */
const MAX_PART_BYTES = MAX_FILE_BYTES;

interface OpenReport {
  meta: Omit<CarriedReport, "parts">;
  /** What the bytes in the parts have to hash to; `null` where an older export of a redacted report does not say. */
  partsSha256: string | null;
  parts: Uint8Array[];
}

/** The reports an export carries along, put together from their lines. */
export class CarriedReports {
  private readonly reports = new Map<string, OpenReport>();

  constructor(private readonly sink: FieldSink) {}

  /** A line that says what report follows. */
  addReport(record: JsonRecord, at: string): void {
    const sha256 = textAt(record, "sha256");
    const byteLength = countAt(this.sink, record, "byteLength", at);
    if (!isSha256(sha256)) {
      refuse(this.sink, memberPath(at, "sha256"), own(record, "sha256"), "a sha256 in lower-case hex");
      return;
    }
    const listed = own(record, "redacted");
    const redacted = Array.isArray(listed) ? listed.filter((item): item is string => typeof item === "string") : [];
    const stored = own(record, "storedSha256");
    if (stored !== undefined && !(typeof stored === "string" && isSha256(stored))) {
      refuse(this.sink, memberPath(at, "storedSha256"), stored, "a sha256 in lower-case hex");
      return;
    }
    this.reports.set(sha256, {
      meta: {
        sha256,
        fileName: shortText(record, "fileName") ?? "report",
        mediaType: shortText(record, "mediaType") ?? "application/octet-stream",
        byteLength: byteLength ?? 0,
        redacted,
      },
      partsSha256: redacted.length === 0 ? sha256 : (stored ?? null),
      parts: [],
    });
  }

  /** A line with the next part of a report named before. */
  addPart(record: JsonRecord, at: string): void {
    const report = this.reports.get(textAt(record, "sha256") ?? "");
    const content = textAt(record, "gzipBase64");
    if (report === undefined || content === null || own(record, "ordinal") !== report.parts.length) {
      refuse(this.sink, at, own(record, "ordinal"), "the next part of a report named before");
      return;
    }
    report.parts.push(new Uint8Array(Buffer.from(content, "base64")));
  }

  /** Those whose bytes are what their hashes say; the others are problems. */
  whole(): CarriedReport[] {
    return [...this.reports.values()].flatMap((report) => this.wholeReport(report));
  }

  private wholeReport({ meta, parts, partsSha256 }: OpenReport): CarriedReport[] {
    if (parts.length === 0) return [];
    const hash = createHash("sha256");
    const found: string[] = [];
    const clean: Uint8Array[] = [];
    try {
      for (const part of parts) {
        // No part of an honest export is larger; what swells beyond is let go unread.
        const bytes = gunzipSync(part, { maxOutputLength: MAX_PART_BYTES });
        hash.update(bytes);
        // An export carries what another database blanked; a forged one may not.
        const redacted = redactSecrets(bytes, meta.fileName);
        found.push(...redacted.redacted);
        clean.push(redacted.redacted.length === 0 ? part : gzipSync(redacted.bytes));
      }
    } catch {
      refuse(this.sink, `report ${meta.sha256}`, "", `gzip data of at most ${MAX_PART_BYTES / 1024 / 1024} MiB a part`);
      return [];
    }
    if (partsSha256 !== null && hash.digest("hex") !== partsSha256) {
      refuse(
        this.sink,
        `report ${meta.sha256}`,
        "",
        meta.redacted.length === 0 ? "bytes that have the report's sha256" : "bytes that have its storedSha256",
      );
      return [];
    }
    return [{ ...meta, redacted: [...meta.redacted, ...found], parts: clean }];
  }
}
