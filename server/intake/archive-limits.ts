import yauzl from "yauzl";
import {
  MAX_ARCHIVE_DEPTH,
  MAX_ARCHIVE_FILES,
  MAX_ARCHIVE_PATHS_LENGTH,
  MAX_PATH_LENGTH,
  MAX_UNPACKED_BYTES,
} from "../../lib/limits";
import { BYTES_PER_GIB } from "../../lib/units";

/** The archive is refused; the message says why. */
export class ArchiveError extends Error {
  override name = "ArchiveError";
  constructor(
    message: string,
    readonly expected: string,
  ) {
    super(message);
  }
}

/** How much archives may hold. */
export interface ArchiveLimits {
  /** In all archives of one ingest. */
  files: number;
  unpackedBytes: number;
  /** Archives within archives (`.tar.gz` counts once). */
  depth: number;
  /** Characters of a file's path within all its archives, and of all paths together. */
  pathLength: number;
  pathsLength: number;
}

/** The limits the program uses. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  files: MAX_ARCHIVE_FILES,
  unpackedBytes: MAX_UNPACKED_BYTES,
  depth: MAX_ARCHIVE_DEPTH,
  pathLength: MAX_PATH_LENGTH,
  pathsLength: MAX_ARCHIVE_PATHS_LENGTH,
};

/** What the archives of one ingest have held so far. */
export interface ArchiveCounts {
  limits: ArchiveLimits;
  files: number;
  unpackedBytes: number;
  pathsLength: number;
}

/** Counts a file against the limits. @throws ArchiveError */
export function admit(path: string, name: string, sizeBytes: number, counts: ArchiveCounts): void {
  counts.files++;
  if (counts.files > counts.limits.files) {
    const expected = `at most ${counts.limits.files} files`;
    throw new ArchiveError(`it holds more files than an archive may (${expected})`, expected);
  }
  admitBytes(sizeBytes, counts);
  admitPath(path, name, counts);
  const wrong = yauzl.validateFileName(name);
  if (wrong !== null) {
    throw new ArchiveError(`${path} holds a file whose path leads outside it (${wrong})`, "paths inside the archive");
  }
  // In a list of files, control characters could act on the terminal.
  if (/\p{Cc}/u.test(name)) {
    throw new ArchiveError(`${path} holds a file whose name has control characters`, "names of plain text");
  }
}

/** Counts a path against the limits of length: paths are held, listed and stored many times over. @throws ArchiveError */
function admitPath(path: string, name: string, counts: ArchiveCounts): void {
  const { pathLength, pathsLength } = counts.limits;
  // A compressed file has the path of what is in it.
  const length = name === path ? path.length : path.length + 1 + name.length;
  if (length > pathLength) {
    const expected = `paths of at most ${pathLength} characters`;
    const shown = name.replace(/\p{Cc}/gu, "").slice(0, 80);
    throw new ArchiveError(
      `it holds a file with a longer path than a file may have, ${shown}… (${expected})`,
      expected,
    );
  }
  counts.pathsLength += length;
  if (counts.pathsLength > pathsLength) {
    const expected = `at most ${pathsLength} characters in the paths of all its files`;
    throw new ArchiveError(`its files have longer paths than an archive may hold (${expected})`, expected);
  }
}

/** Counts unpacked bytes against the limit. @throws ArchiveError */
export function admitBytes(sizeBytes: number, counts: ArchiveCounts): void {
  counts.unpackedBytes += sizeBytes;
  if (counts.unpackedBytes > counts.limits.unpackedBytes) {
    const expected = `at most ${counts.limits.unpackedBytes / BYTES_PER_GIB} GiB unpacked`;
    throw new ArchiveError(`it unpacks to more than an ingest may hold (${expected})`, expected);
  }
}

/** The path of a file within its archive, without empty and `.` steps; `null` for hidden files, which no person put there. */
export function innerPath(name: string): string | null {
  const steps = name.split("/").filter((step) => step !== "." && step !== "");
  const hidden = steps.some((step) => step.startsWith(".") || step === "__MACOSX");
  return hidden || steps.length === 0 ? null : steps.join("/");
}
