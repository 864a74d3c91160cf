import { Composer, type CST, Parser } from "yaml";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";

/** Kubernetes object as read back from YAML, addressed by path. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** YAML text of a choice that must not be refused. */
export function yamlOf(choice: Choice): string {
  const bundle = manifestBundle(choice);
  if (!bundle.ok) throw new Error(`refused: ${bundle.error}`);
  return bundle.value.yaml;
}

/** Reason of a choice that must be refused. */
export function refusalOf(choice: Choice): string {
  const bundle = manifestBundle(choice);
  if (bundle.ok) throw new Error("not refused");
  return bundle.error;
}

/** Notes of a choice that must not be refused. */
export function notesOf(choice: Choice): string {
  const bundle = manifestBundle(choice);
  if (!bundle.ok) throw new Error(`refused: ${bundle.error}`);
  return bundle.value.notes.join("\n");
}

/** Texts whose syntax is known already: a test asks for several things of one text, and for both versions of YAML. */
const parsedTexts = new Map<string, CST.Token[]>();
const PARSED_TEXTS_KEPT = 8;

function tokensOf(yaml: string): CST.Token[] {
  const tokens = parsedTexts.get(yaml) ?? [...new Parser().parse(yaml)];
  parsedTexts.delete(yaml);
  parsedTexts.set(yaml, tokens);
  for (const oldest of parsedTexts.keys()) {
    if (parsedTexts.size <= PARSED_TEXTS_KEPT) break;
    parsedTexts.delete(oldest);
  }
  return tokens;
}

/** All objects of a YAML stream; throws where it does not parse without errors or warnings. */
export function objectsIn(yaml: string, version: "1.1" | "1.2" = "1.1"): Json[] {
  return [...new Composer({ version }).compose(tokensOf(yaml))].map((document) => {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw problem;
    return document.toJS() as Json;
  });
}

/** Value at a path of keys and positions; `undefined` where there is none. */
export function at(json: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current = json;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === "number") current = current[step];
    else if (current !== null && typeof current === "object" && !Array.isArray(current)) current = current[step];
    else return undefined;
  }
  return current;
}

/** The one object of a kind. */
export function objectOfKind(yaml: string, kind: string): Json {
  const found = objectsIn(yaml).filter((object) => at(object, "kind") === kind);
  const [only] = found;
  if (only === undefined || found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return only;
}

/** The pod template's spec of a choice's Deployment. */
export function podOf(choice: Choice): Json | undefined {
  return at(objectOfKind(yamlOf(choice), "Deployment"), "spec", "template", "spec");
}

/** The model server's container. */
export function containerOf(choice: Choice): Json | undefined {
  return at(podOf(choice), "containers", 0);
}

/** Its arguments as Kubernetes passes them on: `$$` read as `$`. */
export function argumentsOf(choice: Choice): string[] {
  const args = at(containerOf(choice), "args");
  if (!Array.isArray(args)) throw new Error("no args");
  return args.map((value) => String(value).replaceAll("$$", "$"));
}

/** The one object of a kind whose name ends like this: `-epp`, `-bench`. */
export function objectNamed(yaml: string, kind: string, suffix: string): Json {
  const found = objectsIn(yaml).filter(
    (object) => at(object, "kind") === kind && String(at(object, "metadata", "name")).endsWith(suffix),
  );
  const [only] = found;
  if (only === undefined || found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}, ${suffix}`);
  return only;
}

/** A file inside a ConfigMap. */
export function fileIn(yaml: string, suffix: string, file: string): string {
  const text = at(objectNamed(yaml, "ConfigMap", suffix), "data", file);
  if (typeof text !== "string") throw new Error(`no file ${file}`);
  return text;
}
