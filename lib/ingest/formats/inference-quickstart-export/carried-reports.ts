import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { MAX_FILE_BYTES } from "../../../limits";
import { redactSecrets, withoutSecretName } from "../../../redact/redact";
import { RedactingStream } from "../../../redact/redact-stream";
import { BYTES_PER_MIB } from "../../../units";
import { countAt, type FieldSink, type JsonRecord, memberPath, own, textAt } from "../../parse/fields";
import type { CarriedReport } from "../../report";
import { isSha256, refuse, shortText } from "./exported-fields";

/** A file held whole is one part; larger ones are written in parts of a few MiB. */
const MAX_PART_BYTES = MAX_FILE_BYTES;

/** How much may wait in memory for the end of a value while parts are searched for secrets together. */
const MAX_HELD_BYTES = 2 * MAX_PART_BYTES;

interface OpenReport {
  meta: Omit<CarriedReport, "parts">;
  /** What the bytes in the parts have to hash to; `null` where an older export of a redacted report does not say. */
  partsSha256: string | null;
  parts: Uint8Array[];
}

/** Collects the reports inside an export from their lines. */
export class CarriedReports {
  private readonly reports = new Map<string, OpenReport>();

  constructor(private readonly sink: FieldSink) {}

  /** A line that says what report follows. */
  addReport(record: JsonRecord, location: string): void {
    const sha256 = textAt(record, "sha256");
    const byteLength = countAt(this.sink, record, "byteLength", location);
    if (!isSha256(sha256)) {
      refuse(this.sink, memberPath(location, "sha256"), own(record, "sha256"), "a sha256 in lower-case hex");
      return;
    }
    const listed = own(record, "redacted");
    const redacted = Array.isArray(listed)
      ? listed.filter((item): item is string => typeof item === "string").map(withoutSecretName)
      : [];
    const stored = own(record, "storedSha256");
    if (stored !== undefined && !(typeof stored === "string" && isSha256(stored))) {
      refuse(this.sink, memberPath(location, "storedSha256"), stored, "a sha256 in lower-case hex");
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
  addPart(record: JsonRecord, location: string): void {
    const report = this.reports.get(textAt(record, "sha256") ?? "");
    const content = textAt(record, "gzipBase64");
    if (report === undefined || content === null || own(record, "ordinal") !== report.parts.length) {
      refuse(this.sink, location, own(record, "ordinal"), "the next part of a report named before");
      return;
    }
    report.parts.push(new Uint8Array(Buffer.from(content, "base64")));
  }

  /** The reports whose bytes match their hashes; the others become problems. */
  whole(): CarriedReport[] {
    return [...this.reports.values()].flatMap((report) => this.wholeReport(report));
  }

  private wholeReport({ meta, parts, partsSha256 }: OpenReport): CarriedReport[] {
    if (parts.length === 0) return [];
    const hash = createHash("sha256");
    let redacted: RedactedParts;
    try {
      redacted = redactedParts(parts, meta.fileName, (bytes) => hash.update(bytes));
    } catch {
      refuse(
        this.sink,
        `report ${meta.sha256}`,
        "",
        `gzip data of at most ${MAX_PART_BYTES / BYTES_PER_MIB} MiB a part`,
      );
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
    return [{ ...meta, redacted: [...meta.redacted, ...redacted.found], parts: redacted.parts }];
  }
}

interface RedactedParts {
  parts: Uint8Array[];
  /** What was blanked here, in words. */
  found: string[];
}

/**
 * The parts with what is still secret in them blanked: an export carries what another database blanked, an older or a forged one
 * may not have, and a secret may stand across two parts.
 * @param onBytes called with the bytes of each part as they came
 * @throws where a part is no gzip data, or it or a value in it is larger than in an honest export
 */
function redactedParts(
  parts: readonly Uint8Array[],
  fileName: string,
  onBytes: (bytes: Uint8Array) => void,
): RedactedParts {
  const inflate = (part: Uint8Array) => {
    const bytes = gunzipSync(part, { maxOutputLength: MAX_PART_BYTES });
    onBytes(bytes);
    return bytes;
  };
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    const { bytes, redacted } = redactSecrets(inflate(only), fileName);
    return { parts: [redacted.length === 0 ? only : gzipSync(bytes)], found: redacted };
  }
  // Only JSON can be larger than one part: everything else was held whole when it was stored.
  const stream = new RedactingStream();
  const clean: Uint8Array[] = [];
  let heldBytes = 0;
  const put = (bytes: Uint8Array) => {
    heldBytes -= bytes.length;
    clean.push(gzipSync(bytes));
  };
  for (const part of parts) {
    const bytes = inflate(part);
    heldBytes += bytes.length;
    // No value of a report is that long: only a forged one is held together without end.
    if (heldBytes > MAX_HELD_BYTES) throw new Error("a value larger than a part");
    stream.push(bytes).forEach(put);
  }
  stream.end().forEach(put);
  return stream.redacted.length === 0 ? { parts: [...parts], found: [] } : { parts: clean, found: stream.redacted };
}
