"use client";

import { useEffect, useRef, useState } from "react";
import { formatBytes, plural } from "@/lib/format";
import type { FactSuggestions } from "@/lib/ingest/facts/suggestions";
import { type ChosenFile, filesOfDrop } from "./chosen-files";
import { ColumnMappings } from "./column-mappings";
import { DropZone } from "./drop-zone";
import { FactForms } from "./fact-forms";
import { LeftOut } from "./left-out";
import { PreviewSummary } from "./preview-summary";
import { RunTable } from "./run-table";
import { SendProgress } from "./send-progress";
import { Stored } from "./stored";
import { TokenField, useToken } from "./token-field";
import { useUpload } from "./use-upload";

/** Files in, a preview, answers to what is missing, then stored. */
export function Uploader({ needsToken, suggestions }: { needsToken: boolean; suggestions: FactSuggestions }) {
  const [token, setToken] = useToken();
  const upload = useUpload(needsToken ? token : "");
  const { phase, files, preview, message, tokenRefused } = upload;
  const [dragging, setDragging] = useState(false);
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const heading = useRef<HTMLHeadingElement>(null);
  const choose = useRef(upload.choose);
  choose.current = upload.choose;

  useFileDrop(setDragging, (chosen) => choose.current(chosen));
  const whole = useRef<HTMLDivElement>(null);
  const before = useRef(phase.kind);
  // The focus moves to what has come; where nothing came, to the button that chooses files.
  useEffect(() => {
    if (phase.kind === "preview" || phase.kind === "stored") heading.current?.focus();
    else if (phase.kind === "empty" && before.current !== "empty" && !tokenRefused) {
      whole.current?.querySelector<HTMLElement>('input[type="file"]')?.focus();
    }
    before.current = phase.kind;
  }, [phase.kind, tokenRefused]);

  const busy = phase.kind === "busy";
  return (
    <div ref={whole} className="mt-4" data-upload={phase.kind} data-ready={isReady ? "" : undefined}>
      {needsToken && <TokenField token={token} onToken={setToken} refused={tokenRefused} />}
      {phase.kind === "empty" ? (
        <DropZone dragging={dragging} onChoose={upload.choose} needsToken={needsToken} />
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-3 text-[13px] text-muted" data-chosen="">
          <span className="[overflow-wrap:anywhere]">{chosenText(files)}</span>
          {!busy && (
            <button type="button" className="link" onClick={upload.reset}>
              Choose other files
            </button>
          )}
        </p>
      )}
      <p
        role="alert"
        className={message === "" ? "" : "mt-3 rounded-lg bg-warn px-3 py-2 text-warn-ink"}
        data-message=""
      >
        {message}
      </p>
      {phase.kind === "empty" && files.length > 0 && (
        <p className="mt-2">
          <button type="button" className="button" onClick={upload.check}>
            Try again with the same files
          </button>
        </p>
      )}
      {busy && <SendProgress dryRun={phase.dryRun} state={phase.state} onCancel={upload.cancel} />}
      {phase.kind === "stored" && <Stored headingRef={heading} result={phase.result} onMore={upload.reset} />}
      {preview !== null && (phase.kind === "preview" || busy) && (
        <div className={busy ? "opacity-60" : ""} aria-busy={busy} inert={busy} data-preview="">
          <PreviewSummary headingRef={heading} preview={preview} upload={upload} />
          <ColumnMappings problems={preview.problems} used={upload.mappings} onUse={upload.mapColumns} />
          <FactForms preview={preview} upload={upload} suggestions={suggestions} />
          <RunTable runs={preview.runs} accelerators={suggestions.accelerators} />
          <LeftOut preview={preview} />
        </div>
      )}
    </div>
  );
}

/** `12 files of run-2026-09/, 3.4 MiB`. */
function chosenText(files: readonly ChosenFile[]): string {
  const tops = [...new Set(files.map(({ path }) => (path.includes("/") ? `${path.split("/", 1)[0]}/` : path)))];
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const names = tops.length <= 2 ? tops.join(", ") : `${tops[0]} and ${tops.length - 1} more`;
  return `${names} · ${plural(files.length, "file")}, ${formatBytes(bytes)}`;
}

/** Files may be dropped anywhere: beside the zone the browser would leave the page for them. */
function useFileDrop(onDragging: (dragging: boolean) => void, onFiles: (files: ChosenFile[]) => void): void {
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      onDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) onDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      onDragging(false);
      filesOfDrop(event.dataTransfer).then(
        (files) => latest.current(files),
        () => latest.current([]),
      );
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [onDragging]);
}
