"use client";

import { useEffect, useRef, useState } from "react";
import type { Slo } from "@/lib/domain";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";

type State =
  | { kind: "idle" }
  | { kind: "working" }
  | { kind: "done"; url: string; copied: boolean }
  | { kind: "failed"; message: string };

/** Makes a short link that pins the revision on screen, copies it and shows it. */
export function ShareButton({ query, slos, revision }: { query: ExplorerQuery; slos: Slo[]; revision: number }) {
  const [state, setState] = useState<State>({ kind: "idle" });
  const search = serializeExplorerQuery({ ...query, slos, revision: null });
  const field = useRef<HTMLInputElement>(null);

  // A link made for an earlier view must not stay on screen beside this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is the trigger
  useEffect(() => setState({ kind: "idle" }), [search, revision]);

  async function share() {
    setState({ kind: "working" });
    try {
      const response = await fetch("/api/v1/shares", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: search, revision }),
      });
      const body: unknown = await response.json();
      if (!response.ok || !isShare(body)) throw new Error(errorText(body));
      const url = new URL(body.path, window.location.origin).href;
      const copied = await navigator.clipboard?.writeText(url).then(
        () => true,
        () => false,
      );
      setState({ kind: "done", url, copied: copied === true });
      window.requestAnimationFrame(() => field.current?.select());
    } catch (error) {
      setState({ kind: "failed", message: error instanceof Error ? error.message : "The link could not be made." });
    }
  }

  return (
    <form
      method="post"
      action="/api/v1/shares"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        void share();
      }}
    >
      <input type="hidden" name="query" value={search} />
      <input type="hidden" name="revision" value={revision} />
      <button type="submit" className="button" disabled={state.kind === "working"}>
        Share
      </button>
      {(state.kind === "done" || state.kind === "failed") && (
        <div
          role="status"
          className="absolute top-full right-0 z-20 mt-2 w-[min(320px,calc(100vw-32px))] rounded-lg border border-line bg-page p-3 shadow-sm max-sm:right-auto max-sm:-left-28"
        >
          {state.kind === "failed" ? (
            <p>{state.message}</p>
          ) : (
            <label className="block text-[13px] text-muted">
              {state.copied ? "Copied. " : ""}This link shows these numbers for good:
              <input ref={field} readOnly className="field mt-1 w-full text-ink" value={state.url} data-share-url="" />
            </label>
          )}
          <button type="button" className="link mt-2 text-[13px]" onClick={() => setState({ kind: "idle" })}>
            Close
          </button>
        </div>
      )}
    </form>
  );
}

function isShare(body: unknown): body is { path: string } {
  return typeof body === "object" && body !== null && "path" in body && typeof body.path === "string";
}

function errorText(body: unknown): string {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "string"
    ? body.error
    : "The link could not be made.";
}
