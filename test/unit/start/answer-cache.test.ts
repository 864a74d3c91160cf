import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AnswerCache } from "../../../scripts/start/answer-cache";

interface Received {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

interface Site {
  ask(path: string, headers?: Record<string, string>, method?: string, signal?: AbortSignal): Promise<Received>;
  /** Addresses that were worked out, in order. */
  worked: string[];
  revision: number;
}

/** A server whose answers are kept, on a free port. */
async function site(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  maxBytes?: number,
): Promise<Site> {
  const worked: string[] = [];
  const state = { worked, revision: 1 };
  const cache = new AnswerCache(async () => state.revision, "build", maxBytes);
  const server = createServer((request, response) => {
    void cache.answer(request, response, async (asked, answered) => {
      worked.push(asked.url ?? "");
      await answer(asked, answered);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const ask: Site["ask"] = (path, headers = {}, method = "GET", signal = undefined) =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(
        { host: "127.0.0.1", port, path, headers, method, ...(signal === undefined ? {} : { signal }) },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk as Buffer);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        },
      );
      sent.on("error", reject);
      sent.end();
    });
  return Object.assign(state, { ask });
}

const LONG = "a line of the page\n".repeat(500);

function page(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("vary", "rsc");
  response.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" });
  response.write(LONG);
  response.end(request.url);
}

describe("an answer that follows from revision and address", () => {
  it("is worked out once, and sent compressed as the asker takes it", async () => {
    const { ask, worked } = await site(page);
    const plain = await ask("/runs?page=2");
    const brotli = await ask("/runs?page=2", { "accept-encoding": "gzip, br" });
    const zipped = await ask("/runs?page=2", { "accept-encoding": "gzip, br;q=0" });
    expect(worked).toEqual(["/runs?page=2"]);
    expect(plain).toMatchObject({ status: 200, headers: { "content-type": "text/html", "cache-control": "no-cache" } });
    expect(plain.headers.vary).toBe("rsc, Accept-Encoding");
    expect(plain.body.toString()).toBe(`${LONG}/runs?page=2`);
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
  });

  it("is not sent again to whoever has it, and is worked out anew once the data changed", async () => {
    const shop = await site(page);
    const first = await shop.ask("/");
    const etag = String(first.headers.etag);
    expect(await shop.ask("/", { "if-none-match": `"other", ${etag}` })).toMatchObject({
      status: 304,
      headers: { etag },
    });
    shop.revision = 2;
    const later = await shop.ask("/", { "if-none-match": etag });
    expect(later.status).toBe(200);
    expect(later.headers.etag).not.toBe(etag);
    expect(shop.worked).toEqual(["/", "/"]);
  });

  it("is waited for by those who ask meanwhile, and worked out by the next where the first one leaves", async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { ask, worked } = await site(async (request, response) => {
      await gate;
      page(request, response);
    });
    const first = new AbortController();
    const left = expect(ask("/", {}, "GET", first.signal)).rejects.toThrow(/abort/i);
    await vi.waitFor(() => expect(worked).toHaveLength(1));
    const asked = [ask("/"), ask("/"), ask("/")];
    first.abort();
    await left;
    await vi.waitFor(() => expect(worked).toHaveLength(2));
    go();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(worked).toEqual(["/", "/"]);
  });

  it("is another one for another part of the page, host and address", async () => {
    const { ask, worked } = await site(page);
    await ask("/");
    await ask("/", { rsc: "1" });
    await ask("/", { host: "other.example" });
    await ask("/?model=x");
    expect(worked).toHaveLength(4);
  });

  it("may be kept for ever where its address pins a revision of the API", async () => {
    const { ask } = await site(page);
    const pinned = await ask("/api/v1/manifests?configuration=x&revision=3");
    expect(pinned.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect((await ask("/?revision=3")).headers["cache-control"]).toBe("no-cache");
  });

  it("leaves those who were asked for longest ago when there are too many", async () => {
    const { ask, worked } = await site(page, 3 * LONG.length);
    for (const path of ["/?a", "/?b", "/?a", "/?c", "/?a", "/?b"]) await ask(path);
    expect(worked).toEqual(["/?a", "/?b", "/?c", "/?b"]);
  });
});

describe("a refusal that follows from revision and address", () => {
  const refusal = (status: number) =>
    site((_request, response) => {
      response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" });
      response.write("there is ");
      response.end("no such thing");
    });

  it.each([404, 422])("is worked out once a revision, and sent as it was: %i", async (status) => {
    const shop = await refusal(status);
    for (let time = 0; time < 3; time++) {
      const refused = await shop.ask("/api/v1/manifests?configuration=x");
      expect(refused).toMatchObject({ status, headers: { "cache-control": "no-store" } });
      expect(refused.headers.etag).toBeUndefined();
      expect(refused.body.toString()).toBe("there is no such thing");
    }
    expect(shop.worked).toHaveLength(1);
    shop.revision = 2;
    await shop.ask("/api/v1/manifests?configuration=x");
    expect(shop.worked).toHaveLength(2);
  });

  it("is asked again where it may pass, and where a link may be made meanwhile", async () => {
    const failing = await refusal(503);
    for (let time = 0; time < 2; time++) await failing.ask("/configurations/x");
    expect(failing.worked).toHaveLength(2);
    const unknown = await refusal(404);
    for (let time = 0; time < 2; time++) await unknown.ask("/s/abcdefghijkl");
    expect(unknown.worked).toHaveLength(2);
  });

  it("pushes out no answer, however many there are", async () => {
    const { ask, worked } = await site((request, response) => {
      if (request.url === "/runs") return page(request, response);
      response.writeHead(404);
      response.end("x".repeat(3 * 1024 * 1024));
    }, 3 * LONG.length);
    await ask("/runs");
    for (const id of ["a", "b", "c", "a"]) await ask(`/configurations/${id}`);
    await ask("/runs");
    expect(worked).toEqual([
      "/runs",
      "/configurations/a",
      "/configurations/b",
      "/configurations/c",
      "/configurations/a",
    ]);
  });
});

describe("an answer that is not kept", () => {
  it.each(["/runs/ingests", "/upload", "/api/v1/revision", "/api/v1/export", "/method"])(
    "at %s goes through",
    async (path) => {
      const { ask, worked } = await site(page);
      await ask(path);
      const again = await ask(path);
      expect(again.headers["cache-control"]).toBe("no-store");
      expect(worked).toEqual([path, path]);
    },
  );

  it("comes of an error, of another method, and of an answer that is too large, each whole", async () => {
    const { ask, worked } = await site((request, response) => {
      if (request.url === "/?large") {
        for (let piece = 0; piece < 6; piece++) response.write("x".repeat(1024 * 1024));
        response.end("end");
      } else if (request.method === "HEAD") response.end();
      else {
        response.writeHead(500, { "content-type": "text/plain" });
        response.write("not ");
        response.end("made");
      }
    });
    for (let time = 0; time < 2; time++) {
      expect(await ask("/configurations/x")).toMatchObject({ status: 500, body: Buffer.from("not made") });
      expect((await ask("/?large")).body.length).toBe(6 * 1024 * 1024 + 3);
      expect((await ask("/", {}, "HEAD")).status).toBe(200);
    }
    expect(worked).toHaveLength(6);
  });
});

describe("more requests than can be answered in time", () => {
  it("are refused with a time to try again, while those before them are answered", async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { ask, worked } = await site(async (request, response) => {
      await gate;
      page(request, response);
    });
    const refused: Received[] = [];
    const asked = Array.from({ length: 300 }, async (_, index) => {
      const answer = await ask(`/?model=${index}`);
      if (answer.status === 429) refused.push(answer);
      return answer.status;
    });
    await vi.waitFor(() => expect(refused).toHaveLength(40), { timeout: 10_000 });
    expect(refused[0]?.headers["retry-after"]).toBe("2");
    expect(worked).toHaveLength(4);
    go();
    const statuses = await Promise.all(asked);
    expect(statuses.filter((status) => status === 200)).toHaveLength(260);
  });
});
