import { pipeline, type Readable, Transform } from "node:stream";
import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import { type ByteSource, MAX_READ_AT_ONCE_BYTES } from "./byte-source";

/** What is read of the archive at a time: its directory and its small files come in few pieces. */
const WINDOW_BYTES = 256 * 1024;

const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const NAME_LENGTH_OFFSET = 26;
const EXTRA_LENGTH_OFFSET = 28;
const STORED = 0;
const DEFLATED = 8;

/** A zip archive whose files are read one by one, in any order. */
export interface ZipArchive {
  open(entry: yauzl.Entry): Promise<Readable>;
  /** The whole file at once; `undefined` for one that is too large for it. @throws where it is damaged */
  read(entry: yauzl.Entry): (() => Buffer) | undefined;
  close(): void;
}

/**
 * Opens a zip archive and gives each of its entries (folders left out) to `admit`, in order, before any is unpacked.
 * @throws what `admit` throws, and where the archive is broken
 */
export async function openZip(source: ByteSource, admit: (entry: yauzl.Entry) => void): Promise<ZipArchive> {
  const reader = new SourceReader(source);
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: false };
    yauzl.fromRandomAccessReader(reader, source.sizeBytes, options, (error, file) =>
      error === null ? resolve(file) : reject(error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry: yauzl.Entry) => {
      try {
        if (!entry.fileName.endsWith("/")) admit(entry);
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.readEntry();
  });
  return {
    open: (entry) =>
      new Promise<Readable>((resolve, reject) => {
        zip.openReadStream(entry, (error, stream) =>
          error === null ? resolve(checked(stream, entry)) : reject(error),
        );
      }),
    read(entry) {
      const small = Math.max(entry.compressedSize, entry.uncompressedSize) <= MAX_READ_AT_ONCE_BYTES;
      const known = entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED;
      return small && known && !entry.isEncrypted() ? () => unpacked(reader, entry) : undefined;
    },
    close: () => zip.close(),
  };
}

const DAMAGED = "its checksum does not match: the archive is damaged";

/** A small file at once. @throws where it is damaged */
function unpacked(reader: SourceReader, entry: yauzl.Entry): Buffer {
  const header = reader.bytes(entry.relativeOffsetOfLocalHeader, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) throw new Error(DAMAGED);
  const start =
    entry.relativeOffsetOfLocalHeader +
    LOCAL_HEADER_BYTES +
    header.readUInt16LE(NAME_LENGTH_OFFSET) +
    header.readUInt16LE(EXTRA_LENGTH_OFFSET);
  const packed = reader.bytes(start, entry.compressedSize);
  // Limited to the stated size, so that a false one fails here instead of filling memory.
  const bytes =
    entry.compressionMethod === STORED
      ? Buffer.from(packed)
      : inflateRawSync(packed, { maxOutputLength: Math.max(entry.uncompressedSize, 1) });
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) throw new Error(DAMAGED);
  return bytes;
}

/** The stream, failing at its end where its bytes are not those that were packed. */
function checked(stream: Readable, entry: yauzl.Entry): Readable {
  let checksum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
    flush(done) {
      done(checksum === entry.crc32 ? null : new Error(DAMAGED));
    },
  });
  pipeline(stream, check, () => {});
  return check;
}

class SourceReader extends yauzl.RandomAccessReader {
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  constructor(private readonly source: ByteSource) {
    super();
  }

  /** Bytes of the archive; fewer where it ends before. */
  bytes(start: number, length: number): Buffer {
    if (length > WINDOW_BYTES) return this.source.read(start, Math.min(start + length, this.source.sizeBytes));
    if (start < this.windowStart || start + length > this.windowStart + this.window.length) {
      this.window = this.source.read(start, Math.min(start + WINDOW_BYTES, this.source.sizeBytes));
      this.windowStart = start;
    }
    return this.window.subarray(start - this.windowStart, start - this.windowStart + length);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.source.stream(start, end);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const count = this.bytes(position, length).copy(buffer, offset);
    // Not called directly: every entry of the directory would add a level to the call stack.
    setImmediate(() => callback(count === length ? null : new Error("unexpected end of the archive")));
  }
}
