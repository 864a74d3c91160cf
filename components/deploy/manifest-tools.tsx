"use client";

import { useEffect, useState } from "react";
import { lineDiff } from "@/lib/manifests/view/line-diff";
import { useAbsolute } from "./absolute-link";
import { ManifestChanges } from "./manifest-changes";

interface ManifestToolsProps {
  /** `null` = refused: nothing to copy, but the manifest shown before is kept for the next comparison. */
  manifest: { yaml: string; fileName: string; link: string; zipLink: string } | null;
}

/** Copy, download and link of the manifest, and what the last change of an option made of it. */
export function ManifestTools({ manifest }: ManifestToolsProps) {
  const [copied, setCopied] = useState<"yaml" | "link" | null>(null);
  const absolute = useAbsolute(manifest?.link ?? "");
  const yaml = manifest?.yaml ?? null;
  const [shown, setShown] = useState<{ now: string | null; before: string | null }>({ now: yaml, before: null });
  if (yaml !== null && yaml !== shown.now) setShown({ now: yaml, before: shown.now });
  // "Copied" is only true of the manifest on screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another manifest is the trigger
  useEffect(() => setCopied(null), [yaml]);

  async function copy(what: "yaml" | "link", text: string) {
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(what),
      () => setCopied(null),
    );
  }

  if (manifest === null) return null;
  const before = shown.now === yaml ? shown.before : shown.now;
  return (
    <div className="mb-3">
      <div className="flex flex-wrap items-center gap-2">
        <a className="button button-primary" href={manifest.link} download={manifest.fileName} data-download="yaml">
          Download YAML
        </a>
        <a className="button" href={manifest.zipLink} download data-download="zip">
          Download zip
        </a>
        <button type="button" className="button" onClick={() => copy("yaml", manifest.yaml)}>
          {copied === "yaml" ? "Copied" : "Copy YAML"}
        </button>
        <button type="button" className="button" onClick={() => copy("link", absolute)}>
          {copied === "link" ? "Copied" : "Copy link"}
        </button>
        <span className="sr-only" role="status">
          {copied === null ? "" : "Copied to the clipboard"}
        </span>
      </div>
      {before !== null && before !== manifest.yaml && <ManifestChanges diff={lineDiff(before, manifest.yaml)} />}
    </div>
  );
}
