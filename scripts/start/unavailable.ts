import type { IncomingMessage, ServerResponse } from "node:http";
import { readingDatabase } from "../../db/client";
import { DatabaseUnreachableError } from "../../db/database-refused";
import { databaseTrouble } from "../../db/database-trouble";
import { unreachableWithin } from "../../db/postgres/unreachable";
import { getCurrentRevision } from "../../db/queries/get-revision";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A database that does not answer in this time is not waited for any longer. */
const PATIENCE_MS = 8000;

/** After a failure others are not made to wait for the next one. */
const JUST_NOW_MS = 500;

const RETRY_AFTER_S = 5;

/** For whoever asks, who need not know where the database is: that stands in the log. */
const WORDS = "The database cannot be reached at the moment. Nothing is lost; try again in a few seconds.";

const PAGE = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The database cannot be reached</title></head>
<body><main><h1>This page cannot be shown now.</h1><p>${WORDS}</p><p><a href="">Try again</a></p></main></body>
</html>
`;

/** When a database last could not be asked, and why. */
let lastFailure = { at: Number.NEGATIVE_INFINITY, reason: "" };

/** The newest revision there is to read. @throws where it cannot be asked for in a few seconds */
export async function newestRevision(): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseUnreachableError("The database does not answer.")), PATIENCE_MS);
  });
  try {
    return (await Promise.race([readingDatabase().then(getCurrentRevision), patience])).id;
  } catch (error) {
    const trouble = databaseTrouble(error);
    // What is not about reaching it is for the page to say.
    if (trouble?.isPassing === true) lastFailure = { at: performance.now(), reason: trouble.message };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Why the database cannot be asked now; `null` where it can. */
async function reasonAgainst(request: IncomingMessage): Promise<string | null> {
  const justNow = () => (performance.now() - lastFailure.at < JUST_NOW_MS ? lastFailure.reason : null);
  if (request.method !== "GET" || justNow() !== null) return justNow();
  await newestRevision().catch(() => null);
  return justNow();
}

/** Answers 503 where the database cannot be reached, and otherwise as `handle` does. */
export function ifReachable(handle: Handle): Handle {
  return async (request, response) => {
    const reason = await reasonAgainst(request);
    if (reason === null) await handle(request, response);
    else sendUnavailable(request, response, reason);
  };
}

/**
 * Turns the answer 500 into 503 where the database was lost in the middle of the request: whoever makes the answer only knows that
 * it failed.
 */
export function lostAsUnavailable(handle: Handle): Handle {
  return async (request, response) => {
    const began = performance.now();
    const { writeHead, write, end } = response;
    Object.assign(response, {
      writeHead(status: number, ...rest: unknown[]) {
        Object.assign(response, { writeHead });
        const reason = status === 500 ? unreachableWithin(performance.now() - began) : null;
        if (reason === null) return Reflect.apply(writeHead, response, [status, ...rest]);
        Object.assign(response, { write, end });
        sendUnavailable(request, response, reason);
        // What was to be said instead is not.
        Object.assign(response, { write: () => true, end: () => response });
        return response;
      },
    });
    await handle(request, response);
  };
}

function sendUnavailable(request: IncomingMessage, response: ServerResponse, reason: string): void {
  console.error(reason);
  const isApi = (request.url ?? "").startsWith("/api/");
  const body = isApi ? JSON.stringify({ error: WORDS }) : PAGE;
  for (const name of ["content-encoding", "content-length", "transfer-encoding", "etag"]) response.removeHeader(name);
  response.writeHead(503, {
    "content-type": isApi ? "application/json; charset=UTF-8" : "text/html; charset=UTF-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "retry-after": String(RETRY_AFTER_S),
  });
  response.end(body);
}
