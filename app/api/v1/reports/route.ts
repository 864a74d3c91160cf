import { type DatabaseTrouble, databaseTrouble } from "@/db/database-trouble";
import type { IngestLine, IngestProgressJson } from "@/lib/api/ingest-json";
import { type IngestParams, ingestReason, parseIngestParams } from "@/lib/api/ingest-request";
import { type ReceivedUpload, receiveUpload, UploadError } from "@/server/intake/receive-upload";
import { ReceivedFile } from "@/server/uploads/received-file";
import { runTask } from "@/server/worker/pool";
import { refusedAsBusy, type TaskOutcome } from "@/server/worker/task-outcome";
import type { TaskOutput } from "@/server/worker/tasks";
import { requestBody } from "../request-body";
import { taskRefusalResponse } from "../task-response";
import { refusalResponse, writeRefusal } from "../write-guard";

const NDJSON = "application/x-ndjson";
const FAILED = "The server failed; its log says why. Send the files again: what was stored already is recognised.";
const BROKEN_OFF = "The request was broken off: nothing was stored.";

/** When a sender may try again. */
const RETRY_AFTER_S = 5;

/** Uploads received, waiting and read at once, each with a temporary file; more are refused. */
const MAX_UPLOADS = 48;

/** Reading may take so long, and so long for each MiB sent. */
const BASE_TIME_LIMIT_MS = 120_000;
const TIME_LIMIT_PER_MIB_MS = 1000;
const BYTES_PER_MIB = 1024 * 1024;

/** Bytes of an answer given out at a time. */
const PIECE_BYTES = 256 * 1024;

let uploads = 0;

type Outcome = TaskOutcome<TaskOutput<"ingestUpload">>;
type Ingest = (rest: { signal: AbortSignal; onProgress?: (progress: IngestProgressJson) => void }) => Promise<Outcome>;

/**
 * Takes reports: files of a form, or one as the body. `dryRun=true` says what would be stored; facts the reports lack come as
 * parameters or fields. Reading and storing is a worker thread's. A client that goes away meanwhile leaves nothing behind.
 */
export async function POST(request: Request): Promise<Response> {
  const refused = writeRefusal(request);
  if (refused !== null) return refusalResponse(refused);
  const query = [...new URL(request.url).searchParams];
  const asked = parseIngestParams(query);
  if (!asked.ok) return Response.json({ error: asked.error }, { status: 400 });
  if (request.body === null) return Response.json({ error: "No file was sent: the body is empty." }, { status: 400 });
  if (uploads >= MAX_UPLOADS) {
    requestBody(request.body).destroy();
    return taskRefusalResponse(refusedAsBusy());
  }
  uploads += 1;
  let file: ReceivedFile;
  try {
    file = await ReceivedFile.open();
  } catch (error) {
    uploads -= 1;
    return failureResponse(error);
  }
  const end = async () => {
    uploads -= 1;
    await file.close();
  };
  const received = await receive(request, request.body, asked.value.fileName, file);
  if (received instanceof Response) {
    await end();
    return received;
  }
  const whole = parseIngestParams([...query, ...received.fields]);
  if (!whole.ok) {
    await end();
    return Response.json({ error: whole.error }, { status: 400 });
  }
  const accepted = request.headers.get("accept") ?? "";
  // A form posted without the page's script shows the answer as it comes.
  const indented = !accepted.includes(NDJSON) && accepted.includes("text/html");
  const ingest: Ingest = async (rest) => {
    try {
      return await ingestReceived(file, received, { ...whole.value, indented }, rest);
    } finally {
      await end();
    }
  };
  return accepted.includes(NDJSON) ? progressResponse(request.signal, ingest) : wholeResponse(request.signal, ingest);
}

/** Takes in the body; the answer that refuses it where it cannot be taken. */
async function receive(
  request: Request,
  body: ReadableStream<Uint8Array>,
  fileName: string | null,
  file: ReceivedFile,
): Promise<ReceivedUpload | Response> {
  const contentType = request.headers.get("content-type") ?? "";
  const contentEncoding = request.headers.get("content-encoding") ?? "";
  try {
    return await receiveUpload(requestBody(body), { contentType, contentEncoding, fileName }, file);
  } catch (error) {
    if (error instanceof UploadError) return Response.json({ error: error.message }, { status: error.status });
    // Nobody reads it: the sender has gone.
    if (request.signal.aborted) return Response.json({ error: "The request was broken off." }, { status: 400 });
    return failureResponse(error);
  }
}

/** The answer where something is wrong with the server, and the line in its log. */
function failureResponse(error: unknown): Response {
  console.error(error);
  const trouble = databaseTrouble(error);
  if (trouble !== null) {
    const headers: Record<string, string> = trouble.isPassing ? { "retry-after": String(RETRY_AFTER_S) } : {};
    return Response.json({ error: troubleText(trouble) }, { status: trouble.isPassing ? 503 : 500, headers });
  }
  const isFull = error instanceof Error && "code" in error && error.code === "ENOSPC";
  return isFull
    ? Response.json({ error: "The server's disk for temporary files is full: nothing was stored." }, { status: 507 })
    : Response.json({ error: FAILED }, { status: 500 });
}

/** What a sender is told; where the database is stands in the log alone. */
function troubleText(trouble: DatabaseTrouble): string {
  return trouble.isPassing
    ? "The database cannot be reached or is locked at the moment: nothing was stored. Send the files again in a few seconds."
    : "The database takes nothing at the moment, and the server's log says why: nothing was stored.";
}

function ingestReceived(
  file: ReceivedFile,
  { files }: ReceivedUpload,
  { given, startedWith, way, dryRun, indented }: IngestParams & { indented: boolean },
  rest: Parameters<Ingest>[0],
): Promise<Outcome> {
  const reason = ingestReason(files.map((sent) => sent.path));
  const sentMib = files.reduce((sum, sent) => sum + sent.region.length, 0) / BYTES_PER_MIB;
  const input = { handle: file.reader, files, given, startedWith, way, reason, dryRun, now: new Date(), indented };
  return runTask("ingestUpload", input, {
    what: "Reading what was sent",
    wayOut: "Nothing was stored: send fewer files at once, or read them with `npm run iq -- ingest` on the server.",
    timeLimitMs: BASE_TIME_LIMIT_MS + TIME_LIMIT_PER_MIB_MS * sentMib,
    handedOver: [file.reader],
    ...rest,
  });
}

async function wholeResponse(signal: AbortSignal, ingest: Ingest): Promise<Response> {
  let outcome: Outcome;
  try {
    outcome = await ingest({ signal });
  } catch (error) {
    return failureResponse(error);
  }
  if (outcome.kind === "refused") return taskRefusalResponse(outcome);
  if (outcome.kind === "abandoned") return Response.json({ error: BROKEN_OFF }, { status: 400 });
  const { json, isAllRefused } = outcome.output;
  return new Response(inPieces([json, new TextEncoder().encode("\n")]), {
    status: isAllRefused ? 422 : 200,
    headers: { "content-type": "application/json" },
  });
}

/** The answer as lines that come while reading goes on. The status is sent before the outcome is known: the last line says it. */
function progressResponse(signal: AbortSignal, ingest: Ingest): Response {
  const left = new AbortController();
  const stop = () => left.abort();
  signal.addEventListener("abort", stop, { once: true });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (...parts: Uint8Array[]) => {
        if (left.signal.aborted) return;
        for (const part of parts) for (const piece of piecesOf(part)) controller.enqueue(piece);
      };
      const sendLine = (line: Exclude<IngestLine, { result: unknown }>) =>
        send(encoder.encode(`${JSON.stringify(line)}\n`));
      const run = async () => {
        try {
          const outcome = await ingest({ signal: left.signal, onProgress: (progress) => sendLine({ progress }) });
          if (outcome.kind === "done") send(encoder.encode('{"result":'), outcome.output.json, encoder.encode("}\n"));
          else sendLine({ error: outcome.kind === "refused" ? outcome.error : BROKEN_OFF });
        } catch (error) {
          console.error(error);
          const trouble = databaseTrouble(error);
          sendLine({ error: trouble === null ? FAILED : troubleText(trouble) });
        } finally {
          signal.removeEventListener("abort", stop);
          if (!left.signal.aborted) controller.close();
        }
      };
      // Not awaited: a stream's start must end before anything is read from it.
      void run();
    },
    cancel: stop,
  });
  return new Response(body, {
    headers: { "content-type": NDJSON, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}

/** Bytes as a body that is given out as it is taken. */
function inPieces(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const pieces = parts.flatMap((part) => [...piecesOf(part)]);
  let given = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[given++];
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}
