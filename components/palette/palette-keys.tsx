"use client";

import { type ComponentType, useEffect, useState } from "react";
import type { PaletteProps } from "./palette";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/** Listens for Ctrl+K (⌘K) and `?`; what they open is downloaded when first wanted. */
export function PaletteKeys() {
  const [open, setOpen] = useState<PaletteProps["shows"] | null>(null);
  const [Palette, setPalette] = useState<ComponentType<PaletteProps> | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPalette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
      const isHelp = event.key === "?" && !event.ctrlKey && !event.metaKey && !isTyping(event.target);
      if (!isPalette && !isHelp) return;
      event.preventDefault();
      setOpen(isPalette ? "commands" : "shortcuts");
      import("./palette").then(
        (module) => setPalette(() => module.Palette),
        () => setOpen(null),
      );
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return open === null || Palette === null ? null : <Palette shows={open} onClose={() => setOpen(null)} />;
}
