import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../db/make-folders";
import { RefusedError } from "./usage-error";

/** What the system says of a path that cannot be written, as people say it. */
const WRITE_PROBLEMS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file of that name, a folder is needed",
  EISDIR: "there is a folder of that name",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "a link in the path leads back to itself",
  ENOENT: "nothing can be made in that place",
};

/** Writes a file and the folders above it. @throws RefusedError that says what and why */
export function saveFile(file: string, content: string | Uint8Array): string {
  try {
    makeFolders(path.dirname(file));
    const before = statSync(file, { throwIfNoEntry: false });
    // A pipe nobody reads would be waited for without end.
    if (before !== undefined && !before.isFile() && !before.isDirectory()) {
      throw new RefusedError(`${file} cannot be written: it is a device or a pipe, a plain file is needed.`);
    }
    writeFileSync(file, content);
    return file;
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new RefusedError(`${file} cannot be written: ${WRITE_PROBLEMS[code] ?? code}.`);
  }
}
