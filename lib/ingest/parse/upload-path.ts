import { MAX_PATH_LENGTH } from "./limits";

/** Path of a file whose sender gave it no name. */
export const UNNAMED_UPLOAD = "report";

/** A sent file's name as a path, or why it cannot be one. */
export type UploadPath = { kind: "path"; path: string } | { kind: "refused"; reason: string };

/**
 * The path a sent file is known by: relative, `/`-separated, without `.` and empty steps, so that files of one folder stay
 * together. A name that leads outside (`..`, an absolute path, a drive) is refused, not repaired: nobody sends one by accident.
 * @param name file name as sent; left out or empty = the file has none
 */
export function uploadPath(name: string | null | undefined): UploadPath {
  const given = (name ?? "").replaceAll("\\", "/");
  if (given.trim() === "") return { kind: "path", path: UNNAMED_UPLOAD };
  if (given.length > MAX_PATH_LENGTH) {
    return { kind: "refused", reason: `a file's path has at most ${MAX_PATH_LENGTH} characters` };
  }
  if (/\p{Cc}/u.test(given)) return { kind: "refused", reason: "a file's path holds no control characters" };
  if (given.startsWith("/") || /^[A-Za-z]:/.test(given)) {
    return { kind: "refused", reason: "a file's path is relative: without a leading / or a drive" };
  }
  const steps = given.split("/").filter((step) => step !== "" && step !== ".");
  if (steps.includes("..")) return { kind: "refused", reason: "a file's path holds no .. step" };
  return { kind: "path", path: steps.length === 0 ? UNNAMED_UPLOAD : steps.join("/") };
}
