"use client";

import { useEffect, useRef, useState } from "react";
import { download } from "@/components/download";
import { isLoopbackName } from "@/lib/api/server-access";
import type { Slo } from "@/lib/domain";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";

type State =
  | { kind: "idle" }
  | { kind: "working" }
  | { kind: "done"; url: string; copied: boolean; onlyThisMachine: boolean }
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
      // Who reached the server by another name than a loopback one knows a name others can use, too.
      const isHere = isLoopbackName(window.location.host);
      const url = body.url ?? new URL(body.path, window.location.origin).href;
      const copied = await navigator.clipboard?.writeText(url).then(
        () => true,
        () => false,
      );
      setState({ kind: "done", url, copied: copied === true, onlyThisMachine: isHere && body.onlyThisMachine });
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
          {state.kind === "done" && state.onlyThisMachine && <OnlyThisMachine />}
          {state.kind === "done" && <OtherWays link={state.url} embed={`${EMBED_PATH}?${search}&rev=${revision}`} />}
          <button type="button" className="link mt-2 text-[13px]" onClick={() => setState({ kind: "idle" })}>
            Close
          </button>
        </div>
      )}
    </form>
  );
}

const EMBED_PATH = "/embed";

/** What else can be given to others: a file that opens anywhere, and a frame for a wiki. */
function OtherWays({ link, embed }: { link: string; embed: string }) {
  const [said, setSaid] = useState("");
  async function save() {
    const { pageSnapshot } = await import("./page-snapshot");
    const { pathname } = new URL(link);
    const html = await pageSnapshot(new URL(pathname, window.location.origin).href);
    download(html, `${pathname.split("/").at(-1) ?? "answer"}.html`, "text/html");
    setSaid("Saved.");
  }
  const frame = `<iframe src="${new URL(embed, link).href}" width="860" height="760" title="Inference Quickstart"></iframe>`;
  return (
    <div className="mt-2 text-[13px]">
      <button
        type="button"
        className="link tap"
        onClick={() => {
          save().catch((error: unknown) => setSaid(error instanceof Error ? error.message : "It could not be saved."));
        }}
      >
        Save as one file that opens anywhere
      </button>{" "}
      <span role="status" className="text-muted">
        {said}
      </span>
      <label className="block text-muted">
        For a wiki:
        <input readOnly className="field mt-1 w-full text-ink" value={frame} data-embed-code="" />
      </label>
    </div>
  );
}

/** Said with the link itself: who gets it would see nothing. */
function OnlyThisMachine() {
  return (
    <p className="mt-2 rounded-lg bg-warn px-3 py-2 text-[13px] text-warn-ink" data-notice="only-this-machine">
      Only this machine opens it: the server listens on it alone. For others to open it, start the server with{" "}
      <code>HOST</code> or behind a proxy, with its address in <code>IQ_PUBLIC_URL</code>.
    </p>
  );
}

interface ShareAnswer {
  path: string;
  /** Address others open it by, where the server knows one. */
  url: string | null;
  onlyThisMachine: boolean;
}

function isShare(body: unknown): body is ShareAnswer {
  if (typeof body !== "object" || body === null) return false;
  if (!("path" in body && "url" in body && "onlyThisMachine" in body)) return false;
  const { path, url, onlyThisMachine } = body;
  return typeof path === "string" && (url === null || typeof url === "string") && typeof onlyThisMachine === "boolean";
}

function errorText(body: unknown): string {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "string"
    ? body.error
    : "The link could not be made.";
}
