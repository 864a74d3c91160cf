import { Readable } from "node:stream";

/**
 * The body of a request as it arrives. Where reading stops early the rest is taken in and forgotten: a stream of the web that is
 * cancelled while its request is still coming in throws where nobody can catch it, and a sender must be able to finish sending
 * before it reads why it was refused.
 */
export function requestBody(body: ReadableStream<Uint8Array>): Readable {
  const reader = body.getReader();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let isOpen = false;
    try {
      for (;;) {
        isOpen = false;
        const { done, value } = await reader.read();
        if (done) return;
        // Who stops early ends this generator here, with an error or without one.
        isOpen = true;
        yield value;
      }
    } finally {
      if (isOpen) void forgetRest(reader);
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

async function forgetRest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The sender has gone: there is no rest.
  }
}

/**
 * The body of a request held whole; empty where there is none.
 * @returns `null` when it is longer than `maxBytes`
 */
export async function shortBody(request: Request, maxBytes: number): Promise<Buffer | null> {
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of requestBody(request.body) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
