import type { AcceleratorNames } from "@/lib/ingest/facts/accelerators";

/** Fetched once: the catalogue's names do not change while a page is open. */
let fetched: Promise<AcceleratorNames[]> | null = null;

/** The names accelerators go by; throws where they cannot be loaded, and may be asked again. */
export function acceleratorNames(): Promise<AcceleratorNames[]> {
  fetched ??= fetch("/api/v1/accelerators")
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
    .then((body: { accelerators: AcceleratorNames[] }) => body.accelerators)
    .catch((error: unknown) => {
      fetched = null;
      throw error;
    });
  return fetched;
}
