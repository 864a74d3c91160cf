"use client";

import { useEffect, useState } from "react";

/** A path of this server as an absolute address, made from the one the reader's browser used: the server cannot know it. */
export function useAbsolute(path: string): string {
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(window.location.origin), []);
  return `${origin}${path}`;
}
