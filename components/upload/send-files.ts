import type { IngestJson, IngestProgressJson } from "@/lib/api/ingest-json";
import { readIngestLine } from "@/lib/api/ingest-line";
import type { ChosenFile } from "./chosen-files";

/** How far an upload has come: on its way to the server, or being read there. */
export type SendState =
  | { kind: "sending"; sentBytes: number; bytes: number }
  | { kind: "reading"; progress: IngestProgressJson | null };

export type SendOutcome =
  | { kind: "result"; result: IngestJson }
  | { kind: "cancelled" }
  /** `status` 0 = no answer came. */
  | { kind: "failed"; status: number; message: string };

export interface Sending {
  outcome: Promise<SendOutcome>;
  cancel: () => void;
}

const ENDPOINT = "/api/v1/reports";
const NDJSON = "application/x-ndjson";
const BROKEN =
  "The connection broke, or a file changed since it was chosen. Choose the files again; what was stored already is recognised.";

/** Sends files with their paths and follows how the server reads them. */
export function sendFiles(
  files: readonly ChosenFile[],
  options: { dryRun: boolean; token: string; onState: (state: SendState) => void },
): Sending {
  const request = new XMLHttpRequest();
  const outcome = new Promise<SendOutcome>((resolve) => {
    const lines = lineReader();
    const read = () => {
      if (request.status !== 200) return;
      for (const line of lines(request.responseText).map(readIngestLine)) {
        if (line === null) resolve({ kind: "failed", status: request.status, message: BROKEN });
        else if ("progress" in line) options.onState({ kind: "reading", progress: line.progress });
        else if ("result" in line) resolve({ kind: "result", result: line.result });
        else resolve({ kind: "failed", status: request.status, message: line.error });
      }
    };
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      options.onState({ kind: "sending", sentBytes: loaded, bytes: total }),
    );
    request.upload.addEventListener("load", () => options.onState({ kind: "reading", progress: null }));
    request.addEventListener("progress", read);
    request.addEventListener("load", () => {
      read();
      // Changes nothing where a result has already come.
      const message = request.status === 200 ? BROKEN : errorOf(request.responseText);
      resolve({ kind: "failed", status: request.status, message });
    });
    request.addEventListener("error", () => resolve({ kind: "failed", status: 0, message: BROKEN }));
    request.addEventListener("abort", () => resolve({ kind: "cancelled" }));
  });
  request.open("POST", `${ENDPOINT}?way=page&dryRun=${options.dryRun}`);
  request.setRequestHeader("accept", NDJSON);
  if (options.token !== "") request.setRequestHeader("authorization", `Bearer ${options.token}`);
  const form = new FormData();
  for (const { path, file } of files) form.append("files", file, path);
  request.send(form);
  return { outcome, cancel: () => request.abort() };
}

/** Cuts the complete lines that are new out of a growing text. */
function lineReader(): (text: string) => string[] {
  let from = 0;
  return (text) => {
    const lines: string[] = [];
    for (let end = text.indexOf("\n", from); end >= 0; end = text.indexOf("\n", from)) {
      lines.push(text.slice(from, end));
      from = end + 1;
    }
    return lines;
  };
}

/** Why an upload failed, in the server's words; a proxy in between may answer with something of its own. */
function errorOf(text: string): string {
  const line = readIngestLine(text);
  return line !== null && "error" in line ? line.error : "The server failed; its log says why. Nothing was stored.";
}
