import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream } from "@fastify/busboy";
import { uploadPath } from "../../lib/ingest/parse/upload-path";
import { MAX_UPLOAD_BYTES, MAX_UPLOAD_FILES } from "../../lib/limits";
import { BYTES_PER_GIB } from "../../lib/units";
import type { IntakeFile } from "./byte-source";
import type { Spooled } from "./spool";

/** Where received bytes go. Each piece gets a region of a file, one after another. */
export interface UploadSink {
  append(bytes: Uint8Array): Spooled;
}

/** A file that was sent, and its region in the sink. */
export interface SentFile extends Pick<IntakeFile, "path" | "named"> {
  region: Spooled;
}

/** What was sent: its files and the fields of the form. */
export interface ReceivedUpload {
  files: SentFile[];
  fields: [name: string, value: string][];
}

export interface UploadLimits {
  bytes: number;
  files: number;
}

const LIMITS: UploadLimits = { bytes: MAX_UPLOAD_BYTES, files: MAX_UPLOAD_FILES };
const MAX_FIELDS = 100;
const MAX_FIELD_BYTES = 10_000;
/** The upload is refused with an HTTP status; the message is a whole sentence. */
export class UploadError extends Error {
  override name = "UploadError";
  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Receives the body of a request as it arrives: the files of a form (`multipart/form-data`; a file's name may be a path), or
 * the body itself as one file. It goes into the sink, never into memory.
 * @param fileName name of a raw body's file
 * @throws UploadError where it cannot be taken; what reading the body throws where the sender breaks off
 */
export async function receiveUpload(
  body: Readable,
  request: { contentType: string; contentEncoding: string; fileName: string | null },
  sink: UploadSink,
  limits: UploadLimits = LIMITS,
): Promise<ReceivedUpload> {
  const mediaType = request.contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const encoding = request.contentEncoding.trim().toLowerCase();
  const isForm = mediaType === "multipart/form-data";
  if (mediaType.startsWith("multipart/") && !isForm) {
    throw new UploadError(415, `A body of ${mediaType} is not read: send multipart/form-data, or a file as the body.`);
  }
  // A body that is compressed as a whole is a compressed file, which is recognised by its content.
  if (encoding !== "" && encoding !== "identity" && (encoding !== "gzip" || isForm)) {
    throw new UploadError(415, `A body with content-encoding ${encoding.slice(0, 40)} is not read: send it as it is.`);
  }
  const count = byteCounter(limits);
  const received = isForm
    ? await receiveForm(body, request.contentType, sink, limits, count)
    : await receiveRaw(body, request.fileName, sink, count);
  if (received.files.length === 0) {
    throw new UploadError(400, "No file was sent: send report files as multipart/form-data, or one as the body.");
  }
  return received;
}

function byteCounter(limits: UploadLimits): (bytes: number) => void {
  let total = 0;
  return (bytes) => {
    total += bytes;
    if (total <= limits.bytes) return;
    const limit = limits.bytes >= BYTES_PER_GIB ? `${limits.bytes / BYTES_PER_GIB} GiB` : `${limits.bytes} bytes`;
    throw new UploadError(413, `One request may bring at most ${limit}: send the files in several.`);
  };
}

async function receiveRaw(
  body: Readable,
  fileName: string | null,
  sink: UploadSink,
  count: (bytes: number) => void,
): Promise<ReceivedUpload> {
  const name = pathOf(fileName);
  const start = sink.append(new Uint8Array());
  let length = 0;
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array;
    count(bytes.byteLength);
    length += sink.append(bytes).length;
  }
  if (length === 0) return { files: [], fields: [] };
  return { files: [{ ...name, region: { offset: start.offset, length } }], fields: [] };
}

/** A path without folders is a file somebody named by itself. */
function pathOf(fileName: string | null | undefined): Pick<IntakeFile, "path" | "named"> {
  const path = uploadPath(fileName);
  if (!path.ok) {
    throw new UploadError(400, `The file name "${(fileName ?? "").slice(0, 80)}" is refused: ${path.error}.`);
  }
  return { path: path.value, named: !path.value.includes("/") };
}

async function receiveForm(
  body: Readable,
  contentType: string,
  sink: UploadSink,
  limits: UploadLimits,
  count: (bytes: number) => void,
): Promise<ReceivedUpload> {
  const files: SentFile[] = [];
  const fields: ReceivedUpload["fields"] = [];
  const form = openForm(contentType, limits);
  // An error thrown in one of the parser's events would be lost: it is passed on to the pipeline below.
  const guarded = (step: () => void) => {
    try {
      step();
    } catch (error) {
      form.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  form.on("file", (_field: string, stream: BusboyFileStream, fileName: string | undefined) => {
    const start = { offset: -1, length: 0 };
    stream.on("error", (error) => form.destroy(error));
    stream.on("data", (chunk: Buffer) =>
      guarded(() => {
        count(chunk.byteLength);
        const { offset, length } = sink.append(chunk);
        if (start.offset < 0) start.offset = offset;
        if (start.offset + start.length !== offset) throw new Error("Two files of a form came mixed.");
        start.length += length;
      }),
    );
    stream.on("end", () =>
      guarded(() => {
        // A form's file input that nobody used sends a file without name and content.
        if (start.length === 0 && (fileName ?? "") === "") return;
        const region = start.offset < 0 ? { offset: 0, length: 0 } : start;
        files.push({ ...pathOf(fileName), region });
      }),
    );
  });
  form.on("field", (name: string, value: string, _nameCut: boolean, isCut: boolean) =>
    guarded(() => {
      if (isCut) throw new UploadError(413, `The field ${name.slice(0, 80)} is longer than ${MAX_FIELD_BYTES} bytes.`);
      fields.push([name, value]);
    }),
  );
  form.on("filesLimit", () =>
    guarded(() => {
      throw new UploadError(413, `One request may bring at most ${limits.files} files: send an archive, or several.`);
    }),
  );
  form.on("fieldsLimit", () =>
    guarded(() => {
      throw new UploadError(413, `A form may have at most ${MAX_FIELDS} fields.`);
    }),
  );
  try {
    await pipeline(body, form);
  } catch (error) {
    if (error instanceof UploadError || body.errored !== null) throw error;
    if (error instanceof Error && /multipart|boundary|header|form/i.test(error.message)) {
      throw new UploadError(400, `The form cannot be read: ${error.message}.`);
    }
    throw error;
  }
  return { files, fields };
}

function openForm(contentType: string, limits: UploadLimits) {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      preservePath: true,
      limits: { files: limits.files, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES },
    });
  } catch (error) {
    throw new UploadError(400, `The form cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
