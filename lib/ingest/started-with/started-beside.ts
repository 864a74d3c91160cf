import type { Result } from "../../result";
import type { SideFiles, SideResult } from "../facts/side-files";
import type { ParsedFile } from "../parse/parsed-file";
import { readStartedWith, type StartedWith, seemsToStartServer, startedInDocuments } from "./started-with";

/**
 * Takes in the files beside reports that say how the server was started. Where they start different ones, which of them was measured
 * is not known, and none counts.
 * @returns the paths of those that count
 */
export function takeStartedBeside(
  directory: string,
  companions: readonly ParsedFile[],
  sides: SideFiles,
  result: SideResult,
): string[] {
  const found = companions.flatMap((file) => {
    const started = startedInFile(file);
    return started === null || !started.ok ? [] : [{ path: file.path, started: started.value }];
  });
  const [first, ...others] = found;
  if (first === undefined) return [];
  const of = ({ started }: (typeof found)[number]) => JSON.stringify(started.facts);
  if (others.some((other) => of(other) !== of(first))) {
    const paths = found.map(({ path }) => path).join(", ");
    result.notes.push(
      `${paths} start different model servers: which one was measured is not known, so none of them counts. Name it iq.started-with.sh.`,
    );
    return [];
  }
  sides.addStarted(directory, first.path, first.started, result);
  return [first.path];
}

function startedInFile(file: ParsedFile): Result<StartedWith> | null {
  if (file.kind === "text") return seemsToStartServer(file.text) ? readStartedWith(file.text) : null;
  return file.kind === "yaml" ? startedInDocuments(file.documents.map(({ value }) => value)) : null;
}
