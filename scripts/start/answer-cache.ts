import { createHash } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** What kept answers may take together; what was asked for longest ago goes first. */
const MAX_KEPT_BYTES = 96 * 1024 * 1024;

/** What kept refusals may take together: whoever makes up addresses does not push out answers. */
const MAX_REFUSAL_BYTES = 8 * 1024 * 1024;

/** Refusals that follow from the revision and the address as answers do: no such thing there, nothing that can be made of it. */
const KEPT_REFUSALS = [404, 422];

/** A link that is not there may be made without a new revision. */
const LINK = /^\/s\//;

/** A larger answer is sent as it comes and not kept. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Smaller answers gain nothing by compression. */
const MIN_COMPRESSED_BYTES = 1024;

/** Fast: a fifth of the time of the usual level, for a tenth more bytes. */
const BROTLI_QUALITY = 4;

const PINNED = "public, max-age=31536000, immutable";

/** Always asked for again, and then mostly answered with "not modified". */
const REVALIDATED = "no-cache";

/** Addresses whose answers follow from the revision and the address alone. */
const FUNCTIONS_OF_REVISION = [
  /^\/$/,
  /^\/compare$/,
  /^\/changes$/,
  /^\/table$/,
  /^\/embed$/,
  /^\/configurations\/[^/]+$/,
  /^\/runs$/,
  /^\/runs\/(?!ingests$)[^/]+$/,
  /^\/s\/[^/]+$/,
  /^\/api\/v1\/(?:manifests|runs)$/,
];

/** Of requests for parts of pages: answers differ by them. */
const DISTINGUISHING_HEADERS = [
  "host",
  "rsc",
  "next-router-state-tree",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-url",
] as const;

/** Those that are not ours to keep, or that a proxy must not see twice. */
const DROPPED_HEADERS = new Set([
  "content-encoding",
  "content-length",
  "transfer-encoding",
  "connection",
  "date",
  "etag",
]);

const BYTES_PER_CHARACTER = 2;

/** Characters of an ETag: 130 bits. */
const TAG_LENGTH = 22;

/** Answers worked out at once: one thread renders them all, and more of them make each one late. */
const MAX_WORKED_OUT = 4;

/** Requests that wait for their turn; more are refused, so that nobody waits for minutes. */
const MAX_WAITING = 256;

const RETRY_AFTER_S = 2;

type Encoding = "br" | "gzip" | "identity";

interface KeptAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer };
  bytes: number;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const compress = {
  br: promisify<Buffer, { params: Record<number, number> }, Buffer>(brotliCompress),
  gzip: promisify<Buffer, Buffer>(gzip),
};

/**
 * Keeps whole answers that are functions of (revision, address): each is worked out once a revision, whoever asks, compressed
 * once, and sent with an ETag, so that asking again costs next to nothing. A change of the data is a new revision, and so is seen
 * with the next request, whichever process made it.
 */
export class AnswerCache {
  private readonly answers: Shelf;
  private readonly refusals = new Shelf(MAX_REFUSAL_BYTES);
  /** Answers being worked out: who asks for the same waits for it. */
  private readonly coming = new Map<string, Promise<KeptAnswer | null>>();
  private workedOut = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param currentRevision the newest revision, asked with every request
   * @param build of the program: another one may answer differently
   */
  constructor(
    private readonly currentRevision: () => Promise<number>,
    private readonly build: string,
    maxBytes = MAX_KEPT_BYTES,
  ) {
    this.answers = new Shelf(maxBytes);
  }

  /** Answers a request, by `handle` where no answer is kept. */
  async answer(request: IncomingMessage, response: ServerResponse, handle: Handle): Promise<void> {
    if (!isFunctionOfRevision(request)) return handle(request, response);
    const revision = await this.currentRevision().catch(() => null);
    // A database that cannot be reached is for the page to speak of.
    if (revision === null) return handle(request, response);
    const key = keyOf(request, revision);
    const tag = `W/"${createHash("sha256").update(`${this.build} ${key}`).digest("base64url").slice(0, TAG_LENGTH)}"`;
    const headers = { etag: tag, "cache-control": isPinned(request) ? PINNED : REVALIDATED };
    // The same build, revision and address: what the asker has is what would be sent.
    if (matches(request.headers["if-none-match"], tag)) {
      response.writeHead(304, { ...headers, vary: "Accept-Encoding" });
      response.end();
      return;
    }
    const encoding = encodingOf(request);
    for (;;) {
      const known = this.answers.touch(key) ?? this.refusals.touch(key) ?? (await this.coming.get(key));
      if (known !== undefined && known !== null) return this.send(response, key, known, encoding, headers);
      // Who came first may have left in the middle of it: the next one works it out.
      if (!this.coming.has(key)) break;
    }
    if (this.waiting.length >= MAX_WAITING) return refuse(response);
    const { promise, resolve } = withResolvers<KeptAnswer | null>();
    this.coming.set(key, promise);
    let fresh: KeptAnswer | null = null;
    try {
      await this.turn();
      try {
        fresh = await this.capture(request, response, handle);
      } finally {
        this.workedOut -= 1;
        this.waiting.shift()?.();
      }
      if (fresh !== null) this.shelfOf(fresh).keep(key, fresh);
    } finally {
      this.coming.delete(key);
      resolve(fresh);
    }
    if (fresh !== null) await this.send(response, key, fresh, encoding, headers);
  }

  private async turn(): Promise<void> {
    if (this.workedOut >= MAX_WORKED_OUT) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.workedOut += 1;
  }

  private shelfOf({ status }: KeptAnswer): Shelf {
    return status === 200 ? this.answers : this.refusals;
  }

  /**
   * Lets `handle` answer and holds the answer back.
   * @returns the answer to keep, of which nothing was sent; `null` where it was sent as it came, because it is neither an answer
   * nor a refusal to keep, or too large
   */
  private capture(request: IncomingMessage, response: ServerResponse, handle: Handle): Promise<KeptAnswer | null> {
    // Compressed here, once for all who ask.
    delete request.headers["accept-encoding"];
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isHeldBack = true;
    const { write, end, writeHead, flushHeaders } = response;
    const { promise, resolve, reject } = withResolvers<KeptAnswer | null>();
    const isToKeep = () =>
      bytes <= MAX_ANSWER_BYTES &&
      (response.statusCode === 200 || (KEPT_REFUSALS.includes(response.statusCode) && !LINK.test(request.url ?? "")));
    const letGo = () => {
      isHeldBack = false;
      Object.assign(response, { write, end, writeHead, flushHeaders });
      for (const chunk of chunks.splice(0)) response.write(chunk);
      resolve(null);
    };
    const hold = (chunk: unknown, encoding: unknown): void => {
      if (chunk === null || chunk === undefined || typeof chunk === "function") return;
      const piece =
        typeof chunk === "string"
          ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
          : Buffer.from(chunk as Uint8Array);
      chunks.push(piece);
      bytes += piece.byteLength;
    };
    const callback = (args: readonly unknown[]) => {
      const last = args.at(-1);
      if (typeof last === "function") queueMicrotask(() => last());
    };
    Object.assign(response, {
      writeHead(status: number, ...args: unknown[]) {
        response.statusCode = status;
        const headers = args.find((arg) => typeof arg === "object" && arg !== null && !Array.isArray(arg));
        for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value as string);
        return response;
      },
      flushHeaders() {},
      write(...args: unknown[]) {
        hold(args[0], args[1]);
        if (!isToKeep()) letGo();
        callback(args);
        return true;
      },
      end(...args: unknown[]) {
        hold(args[0], args[1]);
        if (!isToKeep()) {
          letGo();
          response.end();
        } else {
          Object.assign(response, { write, end, writeHead, flushHeaders });
          isHeldBack = false;
          const headers = Object.fromEntries(
            Object.entries(response.getHeaders()).filter(([name]) => !DROPPED_HEADERS.has(name)),
          );
          resolve({ status: response.statusCode, headers, bodies: { identity: Buffer.concat(chunks) }, bytes });
        }
        callback(args);
        return response;
      },
    });
    response.once("close", () => {
      if (isHeldBack) resolve(null);
    });
    handle(request, response).catch(reject);
    return promise;
  }

  private async send(
    response: ServerResponse,
    key: string,
    answer: KeptAnswer,
    accepted: Encoding,
    headers: OutgoingHttpHeaders,
  ): Promise<void> {
    const encoding = answer.bodies.identity.byteLength < MIN_COMPRESSED_BYTES ? "identity" : accepted;
    const body = answer.bodies[encoding] ?? (await this.compressed(key, answer, encoding));
    for (const name of response.getHeaderNames()) if (DROPPED_HEADERS.has(name)) response.removeHeader(name);
    response.writeHead(answer.status, {
      ...answer.headers,
      // A refusal is no state of what was asked for.
      ...(answer.status === 200 ? headers : {}),
      "content-length": body.byteLength,
      vary: varyOf(answer.headers.vary),
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    });
    response.end(body);
  }

  private async compressed(key: string, answer: KeptAnswer, encoding: Encoding): Promise<Buffer> {
    const { identity } = answer.bodies;
    const body =
      encoding === "br"
        ? await compress.br(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
        : await compress.gzip(identity);
    if (answer.bodies[encoding] === undefined) {
      answer.bodies[encoding] = body;
      this.shelfOf(answer).grow(key, answer, body.byteLength);
    }
    return body;
  }
}

/** Answers kept by key, up to a number of bytes: what was asked for longest ago goes first. */
class Shelf {
  private readonly kept = new Map<string, KeptAnswer>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  touch(key: string): KeptAnswer | undefined {
    const known = this.kept.get(key);
    if (known === undefined) return undefined;
    this.kept.delete(key);
    this.kept.set(key, known);
    return known;
  }

  keep(key: string, answer: KeptAnswer): void {
    // An address can be longer than what it is answered with.
    answer.bytes += key.length * BYTES_PER_CHARACTER;
    this.kept.set(key, answer);
    this.bytes += answer.bytes;
    this.shrink();
  }

  /** An answer has got another form. */
  grow(key: string, answer: KeptAnswer, bytes: number): void {
    answer.bytes += bytes;
    if (this.kept.get(key) === answer) this.bytes += bytes;
    this.shrink();
  }

  private shrink(): void {
    for (const [oldest, { bytes }] of this.kept) {
      if (this.bytes <= this.maxBytes) break;
      this.kept.delete(oldest);
      this.bytes -= bytes;
    }
  }
}

function isFunctionOfRevision(request: IncomingMessage): boolean {
  if (request.method !== "GET" || request.headers.range !== undefined) return false;
  const pathname = (request.url ?? "").split("?", 1)[0] ?? "";
  return FUNCTIONS_OF_REVISION.some((pattern) => pattern.test(pathname));
}

function keyOf(request: IncomingMessage, revision: number): string {
  const headers = DISTINGUISHING_HEADERS.map((name) => request.headers[name] ?? "");
  return JSON.stringify([revision, request.url, ...headers]);
}

function refuse(response: ServerResponse): void {
  response.writeHead(429, { "content-type": "text/plain; charset=UTF-8", "retry-after": String(RETRY_AFTER_S) });
  response.end(`The server has as much to do as it can hold. Ask again in ${RETRY_AFTER_S} seconds.`);
}

function isPinned(request: IncomingMessage): boolean {
  const asked = request.url ?? "";
  return asked.startsWith("/api/") && /[?&]revision=\d/.test(asked);
}

function encodingOf(request: IncomingMessage): Encoding {
  const taken = String(request.headers["accept-encoding"] ?? "");
  const takes = (name: string) => new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))`).test(taken);
  if (takes("br")) return "br";
  return takes("gzip") ? "gzip" : "identity";
}

function varyOf(vary: OutgoingHttpHeaders[string]): string {
  const names = [...(vary === undefined ? [] : String(vary).split(/,\s*/)), "Accept-Encoding"];
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].join(", ");
}

/** Whether a list of ETags in a request holds one. Weak comparison (RFC 9110, 13.1.2). */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((item) => item.trim().replace(/^W\//, "") === tag.replace(/^W\//, ""));
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
