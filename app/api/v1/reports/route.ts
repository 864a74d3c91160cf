import { database } from "@/db/client";
import { receiveUpload, UploadError } from "@/db/intake/receive-upload";
import { Spool } from "@/db/intake/spool";
import { type FilesIngest, ingestFiles } from "@/db/queries/ingest-files";
import { type IngestLine, ingestJson, isAllRefused } from "@/lib/api/ingest-json";
import { ingestAsk, ingestReason } from "@/lib/api/ingest-request";
import { requestBody } from "../request-body";
import { refusalResponse, writeRefusal } from "../write-guard";

const NDJSON = "application/x-ndjson";
const FAILED = "The server failed; its log says why. Send the files again: what was stored already is recognised.";
/** Between two lines of progress. */
const PROGRESS_INTERVAL_MS = 100;

/**
 * Takes reports: files of a form, or one as the body. `dryRun=true` says what would be stored; facts the reports lack come as
 * parameters or fields. A client that goes away while it is read leaves nothing behind.
 */
export async function POST(request: Request): Promise<Response> {
  const refused = writeRefusal(request);
  if (refused !== null) return refusalResponse(refused);
  const query = [...new URL(request.url).searchParams];
  const asked = ingestAsk(query);
  if (!asked.ok) return Response.json({ error: asked.error }, { status: 400 });
  if (request.body === null) return Response.json({ error: "No file was sent: the body is empty." }, { status: 400 });

  const spool = new Spool();
  let received: Awaited<ReturnType<typeof receiveUpload>>;
  try {
    received = await receiveUpload(
      requestBody(request.body),
      {
        contentType: request.headers.get("content-type") ?? "",
        contentEncoding: request.headers.get("content-encoding") ?? "",
        fileName: asked.ask.fileName,
      },
      spool,
    );
  } catch (error) {
    spool.close();
    if (error instanceof UploadError) return Response.json({ error: error.message }, { status: error.status });
    if (!request.signal.aborted) throw error;
    // Nobody reads it: the sender has gone.
    return Response.json({ error: "The request was broken off." }, { status: 400 });
  }
  const whole = ingestAsk([...query, ...received.fields]);
  if (!whole.ok) {
    spool.close();
    return Response.json({ error: whole.error }, { status: 400 });
  }
  const { given, way, dryRun } = whole.ask;
  const reason = ingestReason(received.files.map((file) => file.path));
  const ingest = async (rest: Pick<FilesIngest, "signal" | "onProgress">) => {
    try {
      const outcome = await ingestFiles(database(), received.files, {
        ...{ given, way, reason, dryRun, now: new Date() },
        ...rest,
      });
      return ingestJson(outcome);
    } finally {
      spool.close();
    }
  };
  const accepted = request.headers.get("accept") ?? "";
  if (accepted.includes(NDJSON)) return progressResponse(request.signal, ingest);
  try {
    const result = await ingest({ signal: request.signal });
    // A form posted without the page's script shows the answer as it comes.
    const text = accepted.includes("text/html") ? JSON.stringify(result, null, 2) : JSON.stringify(result);
    return new Response(`${text}\n`, {
      status: isAllRefused(result) ? 422 : 200,
      headers: { "content-type": "application/json" },
    });
  } catch (error) {
    if (request.signal.aborted) {
      return Response.json({ error: "The request was broken off: nothing was stored." }, { status: 400 });
    }
    console.error(error);
    return Response.json({ error: FAILED }, { status: 500 });
  }
}

/** The answer as lines that come while reading goes on. The status is sent before the outcome is known: the last line says it. */
function progressResponse(
  signal: AbortSignal,
  ingest: (rest: Pick<FilesIngest, "signal" | "onProgress">) => Promise<ReturnType<typeof ingestJson>>,
): Response {
  const left = new AbortController();
  const stop = () => left.abort();
  signal.addEventListener("abort", stop, { once: true });
  const encoder = new TextEncoder();
  let lastAt = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (line: IngestLine) => {
        if (!left.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      const run = async () => {
        try {
          const result = await ingest({
            signal: left.signal,
            onProgress: ({ filesDone, files, bytesDone, bytes }) => {
              const now = performance.now();
              if (now - lastAt < PROGRESS_INTERVAL_MS) return;
              lastAt = now;
              send({ progress: { filesDone, files, bytesDone, bytes } });
            },
          });
          send({ result });
        } catch (error) {
          if (!left.signal.aborted) console.error(error);
          send({ error: FAILED });
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
