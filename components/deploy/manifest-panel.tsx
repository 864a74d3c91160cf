"use client";

import { useEffect, useState } from "react";

/** The manifest as text with copy, download and the command that applies it straight from this server. */
export function ManifestPanel({ yaml, fileName, link }: { yaml: string; fileName: string; link: string }) {
  const [copied, setCopied] = useState<"yaml" | "command" | null>(null);
  // The address a reader reached this page by; the server cannot know it.
  const [absolute, setAbsolute] = useState(link);
  useEffect(() => setAbsolute(new URL(link, window.location.origin).href), [link]);

  async function copy(what: "yaml" | "command") {
    await navigator.clipboard?.writeText(what === "yaml" ? yaml : `kubectl apply -f '${absolute}'`).then(
      () => setCopied(what),
      () => setCopied(null),
    );
  }

  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <a className="button button-primary" href={link} download={fileName} data-download="">
          Download YAML
        </a>
        <button type="button" className="button" onClick={() => copy("yaml")}>
          {copied === "yaml" ? "Copied" : "Copy YAML"}
        </button>
        <button type="button" className="button" onClick={() => copy("command")}>
          {copied === "command" ? "Copied" : "Copy kubectl command"}
        </button>
        <span className="sr-only" role="status">
          {copied === null ? "" : "Copied to the clipboard"}
        </span>
      </div>
      <pre className="mt-2 overflow-x-auto rounded-lg bg-soft px-3 py-2 font-mono text-[12.5px]" tabIndex={0}>
        kubectl apply -f &apos;{absolute}&apos;
      </pre>
      <pre
        className="mt-2 max-h-[640px] overflow-auto rounded-lg border border-line px-3 py-2 font-mono text-[12.5px]"
        tabIndex={0}
        data-manifest=""
      >
        {yaml}
      </pre>
    </div>
  );
}
