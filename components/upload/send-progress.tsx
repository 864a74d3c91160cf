import { useEffect, useRef } from "react";
import { formatBytes, formatCount, formatPercent, plural } from "@/lib/format";
import type { SendState } from "./send-files";

interface SendProgressProps {
  dryRun: boolean;
  state: SendState;
  onCancel: () => void;
}

/** How far the upload is, with a button to cancel it. A screen reader is told at each quarter, not with every byte. */
export function SendProgress({ dryRun, state, onCancel }: SendProgressProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  // The element that had the focus is gone or disabled meanwhile.
  useEffect(() => cancel.current?.focus({ preventScroll: true }), []);
  const share = shareOf(state);
  const title = state.kind === "sending" ? "Sending" : dryRun ? "Reading" : "Reading and storing";
  const quarter = share === null ? "" : `, ${Math.floor(share * 4) * 25}%`;
  return (
    <section aria-label="Progress" className="mt-4" data-progress={state.kind}>
      <div className="flex items-baseline justify-between gap-4">
        <strong className="font-semibold">{title}</strong>
        <span className="text-[13px] text-muted">{detailOf(state)}</span>
      </div>
      <progress
        className="upload-progress mt-1"
        aria-label={title}
        max={1}
        {...(share === null ? {} : { value: share })}
      />
      <p className="sr-only" role="status">
        {title}
        {quarter}
      </p>
      <button ref={cancel} type="button" className="button mt-2" onClick={onCancel}>
        Cancel
      </button>
    </section>
  );
}

/** From 0 to 1; `null` = not known. */
function shareOf(state: SendState): number | null {
  if (state.kind === "sending") return state.bytes === 0 ? null : state.sentBytes / state.bytes;
  const { progress } = state;
  if (progress === null) return null;
  if (progress.bytes !== null && progress.bytes > 0) return Math.min(1, progress.bytesDone / progress.bytes);
  return progress.files === 0 ? null : progress.filesDone / progress.files;
}

function detailOf(state: SendState): string {
  if (state.kind === "sending") {
    if (state.bytes === 0) return "";
    return `${formatBytes(state.sentBytes)} of ${formatBytes(state.bytes)}, ${formatPercent(Math.floor((100 * state.sentBytes) / state.bytes) / 100)}`;
  }
  const { progress } = state;
  if (progress === null) return "";
  return `${formatCount(progress.filesDone)} of ${plural(progress.files, "file")}, ${formatBytes(progress.bytesDone)}`;
}
