import { formatCount, plural } from "@/lib/format";
import { type ManifestPart, manifestParts, type Passage } from "@/lib/manifests/view/manifest-view";
import type { TokenKind, YamlLine } from "@/lib/manifests/view/yaml-tokens";

const TOKEN_CLASSES: Record<TokenKind, string | null> = {
  key: "yaml-key",
  number: "yaml-number",
  word: "yaml-number",
  comment: "yaml-comment",
  mark: "yaml-comment",
  text: null,
  plain: null,
};

/** Where a measured number comes from: a sentence and a page. */
export interface NoteOrigin {
  text: string;
  href: string;
}

/**
 * The manifest, one fold per object. Comments that lead a number back to the measurement are links to the run it was measured
 * in. The text of all folds, in order, is the manifest.
 */
export function ManifestPreview({ yaml, origin }: { yaml: string; origin: NoteOrigin }) {
  const parts = manifestParts(yaml);
  const lines = parts.reduce((sum, part) => sum + part.lineCount, 0);
  const objects = parts.filter((part) => part.object !== null).length;
  return (
    <div>
      <p className="mb-1 flex flex-wrap gap-x-4 text-[13px] text-muted">
        <span>
          {plural(objects, "object")}, {formatCount(lines)} lines
        </span>
        <span className="yaml-legend">from the measurement: hover to see where from, press to see the run</span>
      </p>
      <section
        aria-label="Manifest"
        tabIndex={0}
        className="max-h-[75vh] overflow-auto rounded-lg border border-line lg:max-h-[1060px]"
        data-manifest=""
      >
        {parts.map((part) => (
          <Fold key={`${part.object?.kind} ${part.object?.name}`} part={part} origin={origin} />
        ))}
      </section>
    </div>
  );
}

function isServer({ object }: ManifestPart): boolean {
  return object?.kind === "Deployment" || object?.kind === "LeaderWorkerSet";
}

function Fold({ part, origin }: { part: ManifestPart; origin: NoteOrigin }) {
  return (
    <details
      open={isServer(part)}
      className="border-line border-b last:border-b-0"
      data-object={part.object?.kind ?? ""}
    >
      <summary className="sticky left-0 flex w-fit max-w-full flex-wrap items-baseline gap-x-2 px-3 py-1.5 text-[13px]">
        <span aria-hidden="true" className="fold-mark text-muted" />
        <strong className="font-[550]">{part.object?.kind ?? "On top: figures, prerequisites, commands"}</strong>
        <span className="min-w-0 break-all">{part.object?.name}</span>
        <span className="text-muted">{plural(part.lineCount, "line")}</span>
      </summary>
      <pre className="w-fit min-w-full px-3 pb-2 font-mono text-[12.5px]" data-yaml="">
        {part.passages.map((passage, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: passages have no name and no state
          <PassageText key={index} passage={passage} origin={origin} />
        ))}
      </pre>
    </details>
  );
}

function PassageText({ passage, origin }: { passage: Passage; origin: NoteOrigin }) {
  if (passage.kind === "yaml") return <Lines lines={passage.lines} />;
  if (passage.kind === "comment") {
    return (
      <span className="yaml-comment">
        <PlainLines lines={passage.lines} />
      </span>
    );
  }
  return (
    <a className="yaml-note" href={origin.href} title={origin.text} data-note="">
      <PlainLines lines={passage.lines} />
    </a>
  );
}

/** The lines of a comment, which have one colour. */
function PlainLines({ lines }: { lines: readonly YamlLine[] }) {
  return lines.map((line) => `${line.map((token) => token.text).join("")}\n`).join("");
}

function Lines({ lines }: { lines: readonly YamlLine[] }) {
  return lines.flatMap((line, row) => [
    ...line.map((token, column) => {
      const className = TOKEN_CLASSES[token.kind];
      return className === null ? (
        token.text
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have no name and no state
        <span key={`${row}-${column}`} className={className}>
          {token.text}
        </span>
      );
    }),
    "\n",
  ]);
}
