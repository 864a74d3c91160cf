import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import { withinRequest } from "../../db/once-per-request";
import { isLoopbackName } from "../../lib/api/server-access";
import { ok, type Result, refused } from "../../lib/result";
import { isPublicHost } from "../../server/public-url";
import { warmWorkers } from "../../server/worker/pool";
import { AnswerCache } from "./answer-cache";
import { endIdleConnections } from "./idle-connections";
import { securityHeaders } from "./security-headers.js";
import { ifReachable, lostAsUnavailable, newestRevision } from "./unavailable";

/** The largest upload, 16 GiB, at 2 Mbit/s takes 19 hours. Who sends nothing is left much sooner. */
const REQUEST_TIMEOUT_MS = 24 * 60 * 60 * 1000;

const STATIC_PREFIX = "/_next/static/";
const MEDIA_TYPES: Record<string, string> = {
  ".js": "application/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=UTF-8",
};

/**
 * Sends the Brotli copy of a static file, where the browser takes it and there is one. The names of these files are
 * hashes of their content: they may be kept for ever.
 * @returns false when the request is not of that kind: nothing was sent
 */
function sendPrecompressed(staticFolder: string, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const pathname = (request.url ?? "").split("?", 1)[0] ?? "";
  if (!pathname.startsWith(STATIC_PREFIX)) return false;
  if (!/\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""))) return false;
  let relative: string;
  try {
    relative = decodeURIComponent(pathname.slice(STATIC_PREFIX.length));
  } catch {
    return false;
  }
  const file = path.join(staticFolder, relative);
  const mediaType = MEDIA_TYPES[path.extname(file)];
  if (!file.startsWith(staticFolder + path.sep) || relative.includes("\0") || mediaType === undefined) return false;
  const size = statSync(`${file}.br`, { throwIfNoEntry: false })?.size;
  if (size === undefined) return false;
  response.writeHead(200, {
    "content-type": mediaType,
    "content-encoding": "br",
    "content-length": size,
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(`${file}.br`)
      .on("error", () => response.destroy())
      .pipe(response);
  return true;
}

/**
 * True for the names a server on loopback may be called by: loopback names, and the address in `IQ_PUBLIC_URL` a proxy on this
 * machine passes on. Any other name is another site's page that had its own name point here.
 */
function isKnownHost(host: string): boolean {
  return isLoopbackName(host) || isPublicHost(host);
}

/** False where the path's percent-encoding is broken, which Next answers with an error of its own. */
function hasReadablePath(request: IncomingMessage): boolean {
  try {
    decodeURIComponent((request.url ?? "").split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/** Why nothing can be served at an address: `EADDRINUSE` where it is taken, `EACCES`, `EADDRNOTAVAIL` … */
export type ListenError = NodeJS.ErrnoException;

function listen(server: Server, host: string, port: number): Promise<ListenError | null> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => {
      server.off("error", resolve);
      resolve(null);
    });
  });
}

/** Listens on the first free port. Looking for a free one first would leave another program time to take it. */
async function listenOnFirst(
  server: Server,
  host: string,
  [port, ...others]: readonly [number, ...number[]],
): Promise<Result<number, ListenError>> {
  const error = await listen(server, host, port);
  if (error === null) return ok(port);
  const [next, ...later] = others;
  return error.code === "EADDRINUSE" && next !== undefined
    ? listenOnFirst(server, host, [next, ...later])
    : refused(error);
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Next's own request handler, once it is prepared. */
async function nextAnswer(root: string, host: string, port: number): Promise<Answer> {
  const { default: next } = await import("next");
  // Next listens for upgrades of the server it is given, and answers none in production. Given one that never listens, it leaves a
  // request that offers an upgrade (HTTP/2 without TLS) to be answered as plain HTTP/1.1.
  const app = next({ dev: false, dir: root, hostname: host, port, httpServer: createServer() });
  await app.prepare();
  return app.getRequestHandler();
}

/**
 * Serves a build on the first of `ports` that is free: precompressed static files itself, everything else by Next.
 * @returns the listening server and its port, once it can answer, or why it cannot listen
 */
export async function serve(
  root: string,
  host: string,
  ports: readonly [number, ...number[]],
): Promise<Result<{ server: Server; port: number }, ListenError>> {
  Object.assign(process.env, { NODE_ENV: "production" });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
  endIdleConnections(server);
  const listening = await listenOnFirst(server, host, ports);
  if (!listening.ok) return listening;
  const port = listening.value;
  // Requests that come before Next is prepared wait for it.
  const answer = nextAnswer(root, host, port).then(ifReachable);
  const staticFolder = path.join(root, ".next", "static");
  const answers = new AnswerCache(newestRevision, readFileSync(path.join(root, ".next", "BUILD_ID"), "utf8"));
  const onLoopback = isLoopbackName(host);
  server.on("request", (request, response) => {
    const [pathname = ""] = (request.url ?? "").split("?", 1);
    for (const [name, value] of Object.entries(securityHeaders(pathname))) response.setHeader(name, value);
    if (onLoopback && !isKnownHost(request.headers.host ?? "")) {
      response.writeHead(403, { "content-type": "application/json; charset=UTF-8" });
      response.end(JSON.stringify({ error: "This server answers to loopback names (localhost, 127.0.0.1) only." }));
      return;
    }
    if (!hasReadablePath(request)) {
      response.writeHead(400, { "content-type": "application/json; charset=UTF-8" });
      response.end(JSON.stringify({ error: "The address has a broken percent-encoding." }));
      return;
    }
    if (sendPrecompressed(staticFolder, request, response)) return;
    const respond = () =>
      answer
        .then((handle) => lostAsUnavailable((...asked) => answers.answer(...asked, handle))(request, response))
        .catch(() => response.destroy());
    // What another method stores is to be seen by what it asks next.
    void (request.method === "GET" || request.method === "HEAD" ? withinRequest(respond) : respond());
  });
  await answer;
  await warmWorkers();
  return ok({ server, port });
}
