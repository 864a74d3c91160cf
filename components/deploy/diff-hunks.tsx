import type { DiffLine, LineDiff } from "@/lib/manifests/view/line-diff";

const SIGNS: Record<DiffLine["kind"], string> = { same: " ", added: "+", removed: "−" };
const CLASSES: Record<DiffLine["kind"], string> = { same: "", added: "diff-added", removed: "diff-removed" };

/** The changed lines of a text with those around them. @param name what a reader by ear tells it from others of the page by */
export function DiffHunks({ diff, name }: { diff: Pick<LineDiff, "hunks">; name: string }) {
  return (
    <section
      aria-label={name}
      tabIndex={0}
      className="max-h-[420px] overflow-auto border-line border-t font-mono text-[12.5px]"
    >
      {diff.hunks.map((hunk) => (
        <div key={hunk.start} className="border-line border-b py-1 last:border-b-0">
          <p className="px-3 font-sans text-[12px] text-muted">from line {hunk.start}</p>
          <pre className="w-fit min-w-full">
            {hunk.lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name and no state
              <span key={index} className={`block px-3 ${CLASSES[line.kind]}`}>
                <span className="sr-only">{line.kind === "same" ? "" : `${line.kind}: `}</span>
                <span aria-hidden="true">{SIGNS[line.kind]} </span>
                {line.text}
                {"\n"}
              </span>
            ))}
          </pre>
        </div>
      ))}
    </section>
  );
}
