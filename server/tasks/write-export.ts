import type { FileHandle } from "node:fs/promises";
import { exportChunks } from "../export-dataset";
import { openTemporaryFile } from "../temporary-file";
import type { TaskContext, TaskResult } from "../worker/task-handler";
import type { TaskInput } from "../worker/tasks";

/** Lines are written together until they are worth a write of their own. */
const CHUNK_CHARACTERS = 256 * 1024;

/**
 * Writes an export into a temporary file and hands over the means to read it before the first byte, so that a reader can follow
 * at any pace and the thread is free when all is written.
 */
export async function writeExport(
  { request, revision }: TaskInput<"writeExport">,
  { db, signal, onProgress }: TaskContext<"writeExport">,
): Promise<TaskResult<"writeExport">> {
  const { writer, reader, remove } = await openTemporaryFile();
  try {
    onProgress({ reader }, [reader]);
    let bytes = 0;
    const write = async (text: string) => {
      bytes += await writeAll(writer, Buffer.from(text));
      onProgress({ bytes });
      signal.throwIfAborted();
    };
    let text = "";
    for await (const piece of exportChunks(db, revision, request)) {
      text += piece;
      if (text.length < CHUNK_CHARACTERS) continue;
      await write(text);
      text = "";
    }
    await write(text);
    return { output: { bytes } };
  } finally {
    await writer.close();
    remove();
  }
}

async function writeAll(writer: FileHandle, bytes: Uint8Array): Promise<number> {
  let done = 0;
  while (done < bytes.byteLength) done += (await writer.write(bytes, done)).bytesWritten;
  return done;
}
