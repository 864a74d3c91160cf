"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

/** How often an open page asks whether there is more to show. */
const ASK_EVERY_MS = 5000;

/**
 * New results appear by themselves: asks for the newest revision while the page is seen, and reads the page again when it is
 * newer than what is shown. Nothing is moved or reset; a screen reader is told.
 * @param revision shown now; `null` = a link pins it, nothing is asked
 * @param onNewer instead of reading the page again as it is
 */
export function LiveRefresh({ revision, onNewer }: { revision: number | null; onNewer?: () => void }) {
  const router = useRouter();
  const refresh = useRef(onNewer ?? router.refresh);
  const [first] = useState(revision);
  useEffect(() => {
    refresh.current = onNewer ?? router.refresh;
  });

  useEffect(() => {
    if (revision === null) return;
    let asking = false;
    const ask = async () => {
      if (asking || document.visibilityState !== "visible") return;
      asking = true;
      const newest = await newestRevision();
      asking = false;
      if (newest !== null && newest > revision) refresh.current();
    };
    const timer = window.setInterval(ask, ASK_EVERY_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [revision]);

  return (
    <span role="status" className="sr-only" data-revision={revision}>
      {revision === first || revision === null ? "" : `New results are shown: revision ${revision}.`}
    </span>
  );
}

async function newestRevision(): Promise<number | null> {
  try {
    const response = await fetch("/api/v1/revision", { cache: "no-store" });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "id" in body && typeof body.id === "number" ? body.id : null;
  } catch {
    // The server cannot be reached: the next turn asks again.
    return null;
  }
}
