import { createHash } from "node:crypto";
import { type FileToStore, fileToStore, gzipMember } from "../../db/store/file-to-store";
import { ADAPTERS } from "../../lib/ingest/formats/detect-format";
import { type FileStream, fileStream } from "../../lib/ingest/parse/file-stream";
import { isMeantAsJson, type ParseOutcome, parseFile } from "../../lib/ingest/parse/parse-file";
import { problem } from "../../lib/ingest/problem";
import { MAX_FILE_BYTES, MAX_STREAMED_FILE_BYTES } from "../../lib/limits";
import { sha256Hex } from "../../lib/measurement/identity";
import { RedactingStream } from "../../lib/redact/redact-stream";
import { BYTES_PER_GIB, BYTES_PER_MIB } from "../../lib/units";
import { MAX_READ_AT_ONCE_BYTES } from "./byte-source";
import type { UnpackedFile } from "./containers";
import type { Spool, Spooled } from "./spool";

/** A file as read: what came of parsing it, and what is to be stored. */
export interface ReadFile {
  parse: ParseOutcome;
  /** `null` where the file cannot be stored because it could not be read. */
  toStore: FileToStore | null;
  /** Bytes that stay in memory until the file's content moves to the spool. */
  heldBytes: number;
  /** Bytes of what was parsed and waits for the rest of its directory. */
  parsedBytes: number;
}

/** Characters by which a text is taken for JSON. */
const JSON_START_BYTES = 64;

/** Names of files that hold results, however large: others of that size are logs and recordings that lie beside results. */
const MAY_BE_TABLE = /\.(?:csv|tsv|ya?ml|json|jsonl|ndjson)$/i;

/** A file being read in a stream: parsed, hashed and its content put away as it comes. */
interface Streaming {
  parser: FileStream;
  redactor: RedactingStream;
  parts: Spooled[];
}

/**
 * Reads one file. A small one is held whole; of larger JSON, which is read in pieces, no more than one record is held.
 * @param holdBytes JSON larger than this is read in pieces
 * @param onBytes called with the number of bytes that came
 * @throws what reading its bytes throws (a broken archive, a vanished file), and when `signal` is aborted
 */
export async function readUnpackedFile(
  file: UnpackedFile,
  spool: Spool,
  holdBytes: number,
  onBytes: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<ReadFile> {
  const { path, named } = file;
  if (
    file.read !== undefined &&
    file.sizeBytes !== null &&
    file.sizeBytes <= Math.min(MAX_READ_AT_ONCE_BYTES, holdBytes)
  ) {
    const bytes = file.read();
    onBytes(bytes.length);
    return readHeldFile(file, bytes, sha256Hex(bytes));
  }
  const hash = createHash("sha256");
  let chunks: Buffer[] = [];
  let byteLength = 0;
  let streaming: Streaming | null = null;
  const tooLarge = (limit: string): ReadFile => ({
    parse: {
      kind: "broken",
      problem: problem(path, "", `${byteLength} bytes or more`, limit, `${path} is too large: ${limit}.`),
    },
    toStore: null,
    heldBytes: 0,
    parsedBytes: 0,
  });
  const leftOut: ReadFile = {
    parse: { kind: "unreadable", path, named, reason: "larger than any report that is not JSON" },
    toStore: null,
    heldBytes: 0,
    parsedBytes: 0,
  };
  for await (const chunk of await file.open()) {
    signal?.throwIfAborted();
    const bytes = chunk as Buffer;
    byteLength += bytes.length;
    onBytes(bytes.length);
    hash.update(bytes);
    if (byteLength > MAX_STREAMED_FILE_BYTES) {
      return tooLarge(`a report has at most ${MAX_STREAMED_FILE_BYTES / BYTES_PER_GIB} GiB`);
    }
    if (streaming !== null) {
      if (!pushInto(streaming, bytes, spool)) return brokenStream(streaming);
      continue;
    }
    chunks.push(bytes);
    if (byteLength > holdBytes && looksLikeJson(path, chunks[0])) {
      streaming = { parser: fileStream({ path, named }, ADAPTERS), redactor: new RedactingStream(), parts: [] };
      for (const held of chunks) if (!pushInto(streaming, held, spool)) return brokenStream(streaming);
      chunks = [];
    } else if (byteLength > MAX_FILE_BYTES) {
      if (!named && !MAY_BE_TABLE.test(path)) return leftOut;
      return tooLarge(`a report that is not JSON has at most ${MAX_FILE_BYTES / BYTES_PER_MIB} MiB; split it`);
    }
  }
  const sha256 = hash.digest("hex");
  if (streaming !== null) {
    for (const segment of streaming.redactor.end()) put(streaming, segment, spool);
    const { parser, parts, redactor } = streaming;
    const content = () => ({ parts: partsOf(spool, parts), redacted: redactor.redacted });
    const parse = parser.end(sha256);
    return {
      parse,
      toStore: { path, sha256, byteLength, content },
      heldBytes: 0,
      parsedBytes: parser.keptCharacters(),
    };
  }
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  return readHeldFile(file, bytes, sha256);
}

/** A file whose bytes are held. */
function readHeldFile({ path, named }: UnpackedFile, bytes: Buffer, sha256: string): ReadFile {
  const held = { path, named, bytes, sha256 };
  const size = bytes.length;
  return { parse: parseFile(held), toStore: fileToStore(held), heldBytes: size, parsedBytes: size };
}

function looksLikeJson(path: string, first: Buffer | undefined): boolean {
  const start = (first?.toString("utf8", 0, JSON_START_BYTES) ?? "").replace(/^\uFEFF/, "");
  return /^\s*[[{]/.test(start) && isMeantAsJson(path, start);
}

/** A file found to be broken: the rest of it would change nothing. */
function brokenStream(streaming: Streaming): ReadFile {
  return { parse: streaming.parser.end(""), toStore: null, heldBytes: 0, parsedBytes: 0 };
}

/** Passes bytes on to the parser and the spool; `false` once the file is known to be broken. */
function pushInto(streaming: Streaming, bytes: Buffer, spool: Spool): boolean {
  if (!streaming.parser.push(bytes)) return false;
  for (const segment of streaming.redactor.push(bytes)) put(streaming, segment, spool);
  return true;
}

function put(streaming: Streaming, segment: Uint8Array, spool: Spool): void {
  streaming.parts.push(spool.append(gzipMember(segment)));
}

function* partsOf(spool: Spool, parts: readonly (Uint8Array | Spooled)[]): Generator<Uint8Array> {
  for (const part of parts) yield part instanceof Uint8Array ? part : spool.read(part);
}

/**
 * Compresses the content of files held in memory and keeps it until it is stored: in memory as long as all of it together is
 * small, else in the spool.
 */
export function shelf(spool: Spool, roomBytes: number): (file: FileToStore) => FileToStore {
  let room = roomBytes;
  return ({ path, sha256, byteLength, content }) => {
    const { parts, redacted } = content();
    const kept: (Uint8Array | Spooled)[] = [];
    for (const part of parts) {
      room -= part.byteLength;
      kept.push(room >= 0 ? part : spool.append(part));
    }
    return { path, sha256, byteLength, content: () => ({ parts: partsOf(spool, kept), redacted }) };
  };
}
