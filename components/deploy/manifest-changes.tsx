import { plural } from "@/lib/format";
import type { LineDiff } from "@/lib/manifests/view/line-diff";
import { DiffHunks } from "./diff-hunks";

/** What the last change made of the manifest: counts, and the lines when asked for. */
export function ManifestChanges({ diff }: { diff: LineDiff }) {
  return (
    <details className="mt-3 rounded-lg border border-line" data-changes="">
      <summary className="px-3 py-1.5 text-[13px]">
        <span role="status">
          Your last change: {plural(diff.added, "line")} added, {plural(diff.removed, "line")} removed
        </span>
      </summary>
      <DiffHunks diff={diff} name="Changed lines" />
    </details>
  );
}
