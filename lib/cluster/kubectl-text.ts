import { textAt } from "../ingest/parse/fields";
import { ok, type Result, refused } from "../result";

/** A Kubernetes object as `kubectl … -o json` prints it; nothing of it is trusted. */
export type ClusterObject = Readonly<Record<string, unknown>>;

/** What was printed: the objects, and of `kubectl version -o json` the server's version. */
export interface KubectlText {
  objects: ClusterObject[];
  serverVersion: string | null;
}

/** A large cluster's nodes, pods and definitions together. */
const MAX_TEXT_LENGTH = 256 * 1024 * 1024;
const MAX_OBJECTS = 200_000;
const MAX_DOCUMENTS = 1000;

const EXPECTED = "what kubectl prints with -o json, one output after another";

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): ClusterObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ClusterObject) : {};
}

/** The items of a list; none of anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `metadata.name`; empty where there is none. */
export function nameOf(object: ClusterObject): string {
  return textAt(membersOf(object.metadata), "name") ?? "";
}

/** `metadata.namespace`; `null` for objects of the whole cluster. */
export function namespaceOf(object: ClusterObject): string | null {
  return textAt(membersOf(object.metadata), "namespace");
}

/**
 * Reads what kubectl prints with `-o json`: lists, single objects and `kubectl version`, one after another. Linear in the text.
 * @returns the objects, or what is wrong as a sentence
 */
export function readKubectlText(text: string): Result<KubectlText> {
  if (text.length > MAX_TEXT_LENGTH) {
    return refused(
      `This is longer than ${MAX_TEXT_LENGTH / 1024 / 1024} MiB: leave the pods out, or give fewer kinds at a time.`,
    );
  }
  const read: KubectlText = { objects: [], serverVersion: null };
  const documents = documentsIn(text);
  if (documents === null) return refused(`This is more than ${MAX_DOCUMENTS} outputs: give fewer at a time.`);
  if (documents.length === 0) return refused(`Nothing is here to read: paste ${EXPECTED}.`);
  for (const [index, document] of documents.entries()) {
    const place = documents.length === 1 ? "" : `, in output ${index + 1} of ${documents.length}`;
    let value: unknown;
    try {
      value = JSON.parse(document);
    } catch {
      const start = JSON.stringify(document.trimStart().slice(0, 40));
      return refused(`This is no JSON${place} (it begins with ${start}): paste ${EXPECTED}.`);
    }
    const object = membersOf(value);
    const version = textAt(membersOf(object.serverVersion), "gitVersion");
    if (version !== null) read.serverVersion = version;
    else if (Array.isArray(object.items)) {
      const listed = textAt(object, "kind")?.replace(/List$/, "") ?? "";
      for (const item of object.items) read.objects.push(withKind(membersOf(item), listed));
    } else if (textAt(object, "kind") !== null) read.objects.push(object);
    else if (object.clientVersion === undefined) {
      return refused(`This is JSON${place}, but nothing of a cluster: expected ${EXPECTED}.`);
    }
    if (read.objects.length > MAX_OBJECTS) {
      return refused(`These are more than ${MAX_OBJECTS.toLocaleString("en-US")} objects: leave the pods out.`);
    }
  }
  return ok(read);
}

/** Items of a list of one kind do not always say it themselves. */
function withKind(item: ClusterObject, listed: string): ClusterObject {
  return textAt(item, "kind") !== null || listed === "" ? item : { ...item, kind: listed };
}

/** JSON values that follow one another, each as its own text; `null` where there are too many. */
function documentsIn(text: string): string[] | null {
  const documents: string[] = [];
  let depth = 0;
  let from = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === BACKSLASH) index++;
      else if (character === QUOTE) inString = false;
    } else if (character === QUOTE) inString = true;
    else if (character === OPEN) depth++;
    else if (character === CLOSE && depth > 0) {
      depth--;
      if (depth > 0) continue;
      documents.push(text.slice(from, index + 1));
      from = index + 1;
      if (documents.length > MAX_DOCUMENTS) return null;
    }
  }
  const rest = text.slice(from);
  if (rest.trim() !== "") documents.push(rest);
  return documents;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
