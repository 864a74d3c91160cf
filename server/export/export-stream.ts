import type { Revision } from "../../db/queries/get-revision";
import type { ExportRequest } from "../../lib/api/export-request";
import { ok, type Result, refused } from "../../lib/result";
import { refusedAsBusy, type TaskRefusal } from "../worker/task-outcome";
import { WrittenExport } from "./written-export";

/** Exports written or sent at once: each has a temporary file as large as it is. */
const MAX_OPEN_EXPORTS = 16;

/** A reader that takes nothing for so long has gone. */
const READER_IDLE_MS = 60 * 1000;

let openExports = 0;

/**
 * An export as the body of an answer, sent as fast as the reader takes it: memory holds a piece of it. A reader that stops reading
 * is left after a minute.
 * @returns the body, or why there is none
 */
export async function exportStream(
  request: ExportRequest,
  revision: Revision,
): Promise<Result<ReadableStream<Uint8Array>, TaskRefusal>> {
  if (openExports >= MAX_OPEN_EXPORTS) return refused(refusedAsBusy());
  openExports += 1;
  const written = new WrittenExport(request, revision);
  let isOpen = true;
  let idle: NodeJS.Timeout | undefined;
  const close = async () => {
    clearTimeout(idle);
    if (!isOpen) return;
    isOpen = false;
    await written.close();
    openExports -= 1;
  };
  try {
    const refusal = await written.opened();
    if (refusal !== null) {
      await close();
      return refused(refusal);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const expectReader = (controller: ReadableStreamDefaultController) => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      controller.error(new Error("Nobody reads the export any more."));
      void close();
    }, READER_IDLE_MS);
  };
  const body = new ReadableStream<Uint8Array>({
    start: expectReader,
    async pull(controller) {
      clearTimeout(idle);
      try {
        const piece = await written.next();
        if (piece === null) {
          await close();
          controller.close();
        } else {
          controller.enqueue(piece);
          expectReader(controller);
        }
      } catch (error) {
        await close();
        throw error;
      }
    },
    cancel: close,
  });
  return ok(body);
}
