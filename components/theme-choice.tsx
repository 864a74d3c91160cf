"use client";

import { useEffect, useState } from "react";
import { Select } from "./select";
import { THEME_KEY, THEMES, type Theme } from "./theme";

const LABELS: [Theme, string][] = [
  ["system", "System theme"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Light, dark, or as the system is. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => {
    setTheme(THEMES.find((known) => known === document.documentElement.dataset.theme) ?? "system");
  }, []);
  function choose(next: Theme) {
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem(THEME_KEY);
      else localStorage.setItem(THEME_KEY, next);
    } catch {
      // A browser that keeps nothing: the choice holds for this page.
    }
  }
  return (
    <Select
      aria-label="Theme"
      className="inline-select theme-choice"
      choices={LABELS}
      value={theme}
      onChoose={choose}
    />
  );
}
