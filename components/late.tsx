"use client";

import {
  Activity,
  type ComponentType,
  lazy,
  type ReactNode,
  type RefObject,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
} from "react";

/**
 * Around a part of a page that is read at once and can be used a moment later. The server writes the part into the page as any
 * other; the browser leaves that as it is until the part's own script ({@link askedForAtOnce}) has come. Nothing moves, and what is
 * needed to ask and answer does not wait for it: a change made before is drawn around the part, which follows with its script.
 * `Activity` and not `Suspense`: the server sends a large `Suspense` apart, hidden until a script shows it, and pages must read
 * without scripts.
 */
export function Late({ children }: { children: ReactNode }) {
  const isHere = useRef(false);
  const deferred = useDeferredValue(children);
  const shown = isHere.current ? children : deferred;
  // The same element as long as the part is the same: React leaves what the server wrote alone only while nothing in it changes.
  return useMemo(
    () => (
      <Activity mode="visible">
        {shown}
        <Arrival of={isHere} />
      </Activity>
    ),
    [shown],
  );
}

/** Says when what stands beside it can be used. */
function Arrival({ of }: { of: RefObject<boolean> }): ReactNode {
  useEffect(() => {
    of.current = true;
  }, [of]);
  return null;
}

/** A part for {@link Late}, whose script is asked for as soon as that of the page is there. */
export function askedForAtOnce<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const coming = load();
  // Whether it came is asked when the part is drawn.
  coming.catch(() => undefined);
  return lazy(async () => ({ default: await coming.catch(() => again(load)) }));
}

const RETRY_AFTER_MS = [1000, 4000, 15_000];

/** A script that did not come is asked for again; what stays away in the end says so, and the rest of the page works on. */
async function again<P extends object>(load: () => Promise<ComponentType<P>>): Promise<ComponentType<P>> {
  for (const wait of RETRY_AFTER_MS) {
    await new Promise((resolve) => window.setTimeout(resolve, wait));
    const part = await load().catch(() => null);
    if (part !== null) return part;
  }
  return NotLoaded;
}

function NotLoaded() {
  return <p className="text-[13px] text-muted">This part of the page could not be loaded: load the page again.</p>;
}
