import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A connection on which nothing was sent or received for this long is idle. */
const IDLE_MS = 2 * 60 * 1000;

/**
 * Ends connections on which nothing moves: the sender of a request has stopped sending, or the reader of an answer has stopped
 * reading. One that waits while the server works is left alone, however long that takes.
 */
export function endIdleConnections(server: Server, idleMs = IDLE_MS): void {
  const latest = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  server.on("request", (request, response) => latest.set(request.socket, { request, response }));
  server.timeout = idleMs;
  server.on("timeout", (socket) => {
    const exchange = latest.get(socket);
    const isServerWorking =
      exchange?.request.complete === true &&
      !exchange.response.writableFinished &&
      exchange.response.writableLength === 0 &&
      socket.writableLength === 0;
    if (!isServerWorking) socket.destroy();
  });
}
