"use client";

import { useEffect, useState } from "react";

/** A path of this server as a whole address, by which the reader came here; the server cannot know it. */
export function useAbsolute(path: string): string {
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(window.location.origin), []);
  return `${origin}${path}`;
}
