import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type yauzl from "yauzl";
import { problem } from "../../lib/ingest/problem";
import type { Problem } from "../../lib/ingest/report";
import { BYTES_PER_MIB } from "../../lib/units";
import {
  ARCHIVE_LIMITS,
  type ArchiveCounts,
  ArchiveError,
  type ArchiveLimits,
  admit,
  admitBytes,
  innerPath,
} from "./archive-limits";
import { type ByteSource, type IntakeFile, spoolSource } from "./byte-source";
import type { Spool } from "./spool";
import { openZip } from "./zip-archive";

/** A file that is no archive, wherever it lay: by itself, or in archives within one another. */
export interface UnpackedFile {
  path: string;
  named: boolean;
  /** `null` where it is only known after reading. */
  sizeBytes: number | null;
  open(): Promise<Readable>;
  /** All its bytes at once, where that is possible; for small files. */
  read?(): Buffer;
}

export interface Expanded {
  unpacked: UnpackedFile[];
  problems: Problem[];
  skipped: { file: string; reason: string }[];
  /** Closes the archives the files are read from. */
  close(): void;
}

/** Bytes of small files that are kept between looking at their kind and reading them: of all together, and of each. */
const MAX_HELD_BYTES = 16 * BYTES_PER_MIB;
const MAX_HELD_FILE_BYTES = 64 * 1024;

const TAR_MAGIC_OFFSET = 257;
const TAR_BLOCK_BYTES = 512;
interface Context extends Expanded, ArchiveCounts {
  spool: Spool;
  /** Bytes of small files that were looked at and wait to be read. */
  heldBytes: number;
  closers: (() => void)[];
}

/**
 * Opens every container among the files (`.zip`, `.tar`, `.tar.gz`, `.gz`, told by content, whatever their names, also inside
 * one another) and lists what lies in them under `archive/path`. A container that is broken, encrypted, too large, or that
 * holds a path outside itself is refused whole with a problem; the other files are not touched by it.
 */
export async function expandContainers(
  files: readonly IntakeFile[],
  spool: Spool,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<Expanded> {
  const context: Context = {
    unpacked: [],
    problems: [],
    skipped: [],
    spool,
    limits,
    files: 0,
    unpackedBytes: 0,
    pathsLength: 0,
    heldBytes: 0,
    closers: [],
    close() {
      for (const closer of context.closers) closer();
    },
  };
  for (const file of files) await expandOne(file, context);
  return context;
}

/** Expands one file; a container that fails takes back what it already listed. */
async function expandOne(file: IntakeFile, context: Context): Promise<void> {
  const before = { unpacked: context.unpacked.length, skipped: context.skipped.length };
  try {
    await expand(file.path, file.named, file.source, 0, context);
    if (context.unpacked.length === before.unpacked && context.skipped.length === before.skipped) {
      throw new ArchiveError("it holds no file", "a whole archive of report files");
    }
  } catch (error) {
    context.unpacked.length = before.unpacked;
    context.skipped.length = before.skipped;
    const message = (error instanceof Error ? error.message : String(error)).replace(/\.+$/, "");
    if (error instanceof Error && "syscall" in error && error.syscall === "open") {
      const sentence = `${file.path} cannot be opened: ${message}.`;
      context.problems.push(problem(file.path, "", "", "a readable file", sentence));
      return;
    }
    const expected = error instanceof ArchiveError ? error.expected : "a whole archive of report files";
    context.problems.push(problem(file.path, "", "", expected, `${file.path} cannot be unpacked: ${message}.`));
  }
}

async function expand(
  path: string,
  named: boolean,
  source: ByteSource,
  depth: number,
  context: Context,
): Promise<void> {
  // A small file is kept once it was looked at, so that it is not read twice. One byte more is asked for than may be kept: where
  // it does not come, the file was read to its end.
  const room = Math.min(MAX_HELD_FILE_BYTES, MAX_HELD_BYTES - context.heldBytes);
  const head = source.head(Math.max(room + 1, TAR_BLOCK_BYTES));
  const kind = containerKind(head);
  if (kind === null) {
    let held = head.length <= room ? head : null;
    const sizeBytes = held?.length ?? source.sizeBytes;
    if (held !== null) context.heldBytes += sizeBytes;
    const read = () => {
      const bytes = held ?? source.read();
      held = null;
      return bytes;
    };
    context.unpacked.push({ path, named, sizeBytes, open: async () => source.stream(), read });
    return;
  }
  if (depth >= context.limits.depth) {
    const expected = `archives at most ${context.limits.depth} deep in one another`;
    throw new ArchiveError(`${path} is nested too deeply (${expected})`, expected);
  }
  if (kind === "zip") await expandZip(path, named, source, depth, context);
  else if (kind === "tar") await expandTar(path, source.stream(), depth, context);
  else await expandGzip(path, named, source, depth, context);
}

function containerKind(head: Buffer): "zip" | "gzip" | "tar" | null {
  // A zip begins with its first file, or, where it is empty, with its end record.
  if (head.length >= 4 && head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return "zip";
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  const magic = head.toString("latin1", TAR_MAGIC_OFFSET, TAR_MAGIC_OFFSET + 5);
  return magic === "ustar" ? "tar" : null;
}

/** Parts of workbooks, which are zip archives: Office Open XML, OpenDocument. */
const WORKBOOK_PARTS = ["xl/workbook.xml", "xl/workbook.bin", "META-INF/manifest.xml"];

async function expandZip(
  path: string,
  named: boolean,
  source: ByteSource,
  depth: number,
  context: Context,
): Promise<void> {
  const entries: { entry: yauzl.Entry; name: string }[] = [];
  const zip = await openZip(source, (entry) => {
    admit(path, entry.fileName, entry.uncompressedSize, context);
    const name = innerPath(entry.fileName);
    if (name !== null) entries.push({ entry, name });
  });
  context.closers.push(() => zip.close());
  if (WORKBOOK_PARTS.some((part) => entries.some(({ name }) => name === part))) {
    const advice = "a workbook of a spreadsheet: save the sheet as CSV UTF-8 (Excel: 'CSV UTF-8') and give that";
    if (named) context.problems.push(problem(path, "", "", "a CSV file", `${path} is ${advice}.`));
    context.skipped.push({ file: path, reason: advice });
    return;
  }
  for (const { entry, name } of entries) {
    if (entry.isEncrypted()) throw new ArchiveError(`${name} in it is encrypted`, "an archive without a password");
    const inner = `${path}/${name}`;
    if (/\.(?:zip|tar|tgz|gz)$/i.test(name)) {
      const region = await context.spool.appendStream(await zip.open(entry));
      await expand(inner, false, spoolSource(context.spool, region), depth + 1, context);
      continue;
    }
    const read = zip.read(entry);
    context.unpacked.push({
      path: inner,
      named: false,
      sizeBytes: entry.uncompressedSize,
      open: () => zip.open(entry),
      ...(read === undefined ? {} : { read }),
    });
  }
}

async function expandTar(path: string, stream: Readable, depth: number, context: Context): Promise<void> {
  const tar = extract();
  // An error on either side ends the loop below with it.
  pipeline(stream, tar, () => {});
  const nested: { path: string; source: ByteSource }[] = [];
  let hasEntry = false;
  for await (const entry of tar) {
    const { name, type, size } = entry.header;
    if (type === "file" || type === "contiguous-file") {
      admit(path, name, size ?? 0, context);
      const inner = innerPath(name);
      if (inner === null) entry.resume();
      else {
        const region = await context.spool.appendStream(entry);
        nested.push({ path: `${path}/${inner}`, source: spoolSource(context.spool, region) });
      }
    } else {
      if (type !== "directory") {
        admit(path, name, 0, context);
        context.skipped.push({ file: `${path}/${name}`, reason: "a link or device, not a file" });
      }
      entry.resume();
    }
    hasEntry = true;
  }
  if (!hasEntry) throw new ArchiveError("it is empty or cut off", "a whole archive of report files");
  for (const item of nested) await expand(item.path, false, item.source, depth + 1, context);
}

async function expandGzip(
  path: string,
  named: boolean,
  source: ByteSource,
  depth: number,
  context: Context,
): Promise<void> {
  const unpacked = () => {
    const gunzip = createGunzip();
    pipeline(source.stream(), gunzip, () => {});
    return gunzip;
  };
  const head: Buffer[] = [];
  let length = 0;
  for await (const chunk of unpacked()) {
    head.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= TAR_BLOCK_BYTES) break;
  }
  const kind = containerKind(Buffer.concat(head));
  if (kind === "tar") {
    await expandTar(path, unpacked(), depth, context);
    return;
  }
  const inner = path.replace(/\.gz$/i, "");
  admit(path, path, 0, context);
  if (kind !== null) {
    const region = await context.spool.appendStream(counted(unpacked(), context));
    const within = spoolSource(context.spool, region);
    // A compressed archive counts once, whatever its kind; what is compressed again counts again.
    if (kind === "zip") await expandZip(path, named, within, depth, context);
    else await expand(inner, named, within, depth + 1, context);
    return;
  }
  context.unpacked.push({
    path: inner,
    named,
    sizeBytes: null,
    open: async () => counted(unpacked(), context),
  });
}

/** A stream whose bytes are counted against the limit as they come, because their number is not stated. */
function counted(stream: Readable, context: Context): Readable {
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        admitBytes(chunk.length, context);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  pipeline(stream, counter, () => {});
  return counter;
}
