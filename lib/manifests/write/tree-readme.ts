import { HELM } from "../helm/chart";
import type { BundleContext } from "../plan/bundle-context";
import type { Guide } from "./command-guide";
import { summaryLines } from "./manifest-header";

const LINE_CHARACTERS = 100;
/** Control characters and line separators: a name from data must not begin a line of its own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A sentence as lines of at most the width, the first behind `lead`, the others as far in. */
function paragraph(lead: string, text: string): string[] {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let current = lead;
  for (const word of text.replace(CONTROL, " ").split(" ")) {
    const isFirst = current === lead || current === indent;
    if (!isFirst && current.length + 1 + word.length > LINE_CHARACTERS) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = isFirst ? `${current}${word}` : `${current} ${word}`;
  }
  return [...lines, current];
}

function commands(lines: readonly string[]): string[] {
  return lines.map((line) => `      ${line.replace(CONTROL, " ")}`);
}

/** Replaces the step "Apply" where llm-d's chart brings the router. */
function helmLines(name: string, { steps }: Guide): string[] {
  const instead = steps.filter(({ id }) => id === "router" || id === "apply" || id === "watch");
  return [
    ...paragraph("", `With Helm, from the folder ${name}/helm, instead of "Apply" and "Watch" above`),
    ...paragraph("- ", HELM.what),
    ...commands([...(HELM.check === null ? [] : [HELM.check]), ...instead.flatMap(({ lines }) => lines)]),
    ...paragraph("- ", "helm and an overlay are two ways to the same: use one of them."),
    "",
  ];
}

/**
 * The text beside a Kustomize tree: what it is, what the cluster needs, and every command in order, as seen from the folder
 * that holds the tree. Plain text of at most 100 characters a line, commands aside.
 */
export function readmeText(
  context: BundleContext,
  tree: {
    guide: Guide;
    notes: readonly string[];
    overlays: readonly string[];
    hasOptions: boolean;
    /** The guide with llm-d's router chart; `null` where nothing comes from it. */
    helm: Guide | null;
    without: readonly string[];
  },
): string {
  const { name } = context.identity;
  const { guide, notes, overlays, hasOptions, helm, without } = tree;
  const [platform = "", ...others] = overlays;
  return [
    name,
    "",
    ...summaryLines(context).flatMap((line) => paragraph("", line)),
    "",
    "What is here",
    ...paragraph("- ", "base: the server without its place"),
    ...(hasOptions ? ["- options: what the options add, the same on every platform here"] : []),
    ...paragraph("- ", `overlays/${platform}: what was asked for. Apply this one`),
    ...others.flatMap((other) => paragraph("- ", `overlays/${other}: the same options on that platform`)),
    ...(helm === null
      ? []
      : paragraph("- ", "helm: the same with llm-d's chart for the router, instead of an overlay")),
    ...without.flatMap((line) => paragraph("- ", line)),
    ...(notes.length === 0 ? [] : ["", "Please note", ...notes.flatMap((note) => paragraph("- ", note))]),
    "",
    "What the cluster needs",
    ...guide.prerequisites.flatMap(({ what, check, install }) => [
      ...paragraph("- ", what),
      ...commands([...install, ...(check === null ? [] : [check])]),
    ]),
    "",
    "In order, from the folder that holds this one",
    ...guide.steps.flatMap(({ title, why, lines }, index) => [
      ...paragraph(`${index + 1}. `, `${title}. ${why}`),
      ...commands(lines),
    ]),
    "",
    ...(helm === null ? [] : helmLines(name, helm)),
    "To look before applying",
    ...commands([`kubectl kustomize ${name}/overlays/${platform}`, `kubectl diff -k ${name}/overlays/${platform}`]),
    "",
  ].join("\n");
}
