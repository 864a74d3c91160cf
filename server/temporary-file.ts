import { randomUUID } from "node:crypto";
import { rmSync, unlinkSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** What is read of a temporary file at a time. */
export const PIECE_BYTES = 64 * 1024;

/** A temporary file without a name: nothing is left of it when the process is killed. */
export interface TemporaryFile {
  writer: FileHandle;
  /** The same file for another owner; each handle has one. */
  reader: FileHandle;
  /** Call when both are closed. */
  remove(): void;
}

/** Opens a new temporary file. */
export async function openTemporaryFile(): Promise<TemporaryFile> {
  const file = path.join(/* turbopackIgnore: true */ tmpdir(), `inference-quickstart-${randomUUID()}`);
  const remove = () => rmSync(file, { force: true });
  const writer = await open(file, "wx", 0o600);
  let reader: FileHandle;
  try {
    reader = await open(file, "r");
  } catch (error) {
    await writer.close();
    remove();
    throw error;
  }
  try {
    unlinkSync(file);
  } catch {
    // Windows keeps the name of an open file: removed when closed.
    return { writer, reader, remove };
  }
  return { writer, reader, remove: () => {} };
}
