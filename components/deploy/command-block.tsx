"use client";

import { useState } from "react";
import { useAbsolute } from "./absolute-link";

/** A place in a command for an address of this server. */
const LINK_PLACE = "LINK";

interface CommandBlockProps {
  /** What the lines are, for the copy button's name. */
  label: string;
  lines: readonly string[];
  /** Path that takes the place of the word LINK in the lines. */
  link?: string;
}

/** Lines for a shell, to read and to copy. */
export function CommandBlock({ label, lines, link = "" }: CommandBlockProps) {
  const [copied, setCopied] = useState(false);
  const absolute = useAbsolute(link);
  const text = lines.map((line) => (link === "" ? line : line.replace(LINK_PLACE, () => absolute))).join("\n");
  async function copy() {
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }
  return (
    <div className="mt-1 flex min-w-0 items-start rounded-lg bg-soft">
      <pre className="command min-w-0 flex-1 px-3 py-2 font-mono text-[12.5px]" data-command="">
        {text.split("\n").map((line, index, all) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name and no state
          <span key={index} className="command-line">
            {index < all.length - 1 ? `${line}\n` : line}
          </span>
        ))}
      </pre>
      <button
        type="button"
        className="link shrink-0 px-3 py-2 text-[12.5px]"
        onClick={copy}
        aria-label={`Copy: ${label}`}
      >
        {copied ? "Copied" : "Copy"}
      </button>
      <span className="sr-only" role="status">
        {copied ? "Copied to the clipboard" : ""}
      </span>
    </div>
  );
}
