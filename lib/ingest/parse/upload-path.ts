import { MAX_PATH_LENGTH } from "../../limits";
import { ok, type Result, refused } from "../../result";

/** Path of a file whose sender gave it no name. */
export const UNNAMED_UPLOAD = "report";

/**
 * The path a sent file is known by: relative, `/`-separated, without `.` and empty steps, so that files of one folder stay
 * together. A name that leads outside (`..`, an absolute path, a drive) is refused, not repaired: nobody sends one by accident.
 * @param name file name as sent; left out or empty = the file has none
 * @returns the path, or what a path is that this one is not, as a sentence without its full stop
 */
export function uploadPath(name: string | null | undefined): Result<string> {
  const given = (name ?? "").replaceAll("\\", "/");
  if (given.trim() === "") return ok(UNNAMED_UPLOAD);
  if (given.length > MAX_PATH_LENGTH) {
    return refused(`a file's path has at most ${MAX_PATH_LENGTH} characters`);
  }
  if (/\p{Cc}/u.test(given)) return refused("a file's path holds no control characters");
  if (given.startsWith("/") || /^[A-Za-z]:/.test(given)) {
    return refused("a file's path is relative: without a leading / or a drive");
  }
  const steps = given.split("/").filter((step) => step !== "" && step !== ".");
  if (steps.includes("..")) return refused("a file's path holds no .. step");
  return ok(steps.length === 0 ? UNNAMED_UPLOAD : steps.join("/"));
}
