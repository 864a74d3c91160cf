"use client";

import { useState } from "react";
import { useAbsolute } from "./deploy/absolute-link";

/**
 * A text in Markdown, to copy with one press and to read before.
 * @param link path that follows the text, as an address of this server
 */
export function MarkdownCopy({ text, link }: { text: string; link: string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const whole = `${text}${useAbsolute(link)}\n`;
  async function copy() {
    const write = navigator.clipboard?.writeText(whole) ?? Promise.reject(new Error("no clipboard"));
    await write.then(
      () => setState("copied"),
      () => setState("refused"),
    );
  }
  return (
    <details className="rounded-lg border border-line" data-markdown="">
      <summary className="px-3 py-2">As Markdown, for a pull request or a chat</summary>
      <div className="border-line border-t px-3 py-2">
        <button type="button" className="button" onClick={copy}>
          Copy as Markdown
        </button>{" "}
        <span role="status" className="text-[13px] text-muted">
          {state === "copied" && "Copied."}
          {state === "refused" && "The browser refused: select the text below and copy it."}
        </span>
        <textarea
          readOnly
          aria-label="The Markdown"
          className="field mt-2 h-40 w-full font-mono text-[12px]"
          value={whole}
        />
      </div>
    </details>
  );
}
