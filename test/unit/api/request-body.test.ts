import { describe, expect, it } from "vitest";
import { requestBody, shortBody } from "../../../app/api/v1/request-body";

const PIECES = 50;
const PIECE_BYTES = 1000;

/** A body that comes in pieces, and how many of them were taken so far. */
function sentInPieces() {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken === PIECES) return controller.close();
        taken += 1;
        controller.enqueue(new Uint8Array(PIECE_BYTES));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken };
}

/** What Node's fetch wants to be told of a body that is sent while the answer comes. */
function post(body: ReadableStream<Uint8Array>): Request {
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
  return new Request("http://localhost/api/v1/shares", init);
}

describe("the body of a request", () => {
  it("is taken in to its end when it is longer than it may be, so that the sender can read why", async () => {
    const { body, taken } = sentInPieces();
    expect(await shortBody(post(body), 3 * PIECE_BYTES)).toBeNull();
    await expect.poll(taken).toBe(PIECES);
  });

  it("is taken in to its end when its reader fails", async () => {
    const { body, taken } = sentInPieces();
    const read = async () => {
      for await (const _ of requestBody(body)) throw new Error("That is no form.");
    };
    await expect(read()).rejects.toThrow("That is no form.");
    await expect.poll(taken).toBe(PIECES);
  });

  it("is held whole when it is short enough", async () => {
    const { body } = sentInPieces();
    expect(await shortBody(post(body), PIECES * PIECE_BYTES)).toHaveLength(PIECES * PIECE_BYTES);
  });

  it("fails when the sender breaks off", async () => {
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
    await expect(shortBody(post(body), 1000)).rejects.toThrow("gone");
  });
});
