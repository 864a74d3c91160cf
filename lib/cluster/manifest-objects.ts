import { parseAllDocuments } from "yaml";
import { type ClusterObject, membersOf } from "./kubectl-text";

/** The objects of a manifest's YAML. */
export function manifestObjects(yaml: string): ClusterObject[] {
  return [...parseAllDocuments(yaml)]
    .map((document) => membersOf(document.toJS({ maxAliasCount: 0 })))
    .filter((object) => typeof object.kind === "string");
}
