import type { BundleContext } from "./bundle-context";

/**
 * Whether what is deployed is what was measured. Only `measured` may carry a prediction: with other settings, or where nobody
 * recorded them, another figure has to be expected.
 */
export type SettingsStanding =
  | { kind: "measured" }
  | { kind: "unknown" }
  | { kind: "departs"; departures: readonly string[] };

/** How a bundle's servers stand to those that were measured; prefill and decode servers together. */
export function settingsStanding({ server, prefill }: Pick<BundleContext, "server" | "prefill">): SettingsStanding {
  const all = [server.departures, ...(prefill === null ? [] : [prefill.server.departures])];
  if (all.includes(null)) return { kind: "unknown" };
  const departures = [...new Set(all.flatMap((some) => some ?? []))];
  return departures.length === 0 ? { kind: "measured" } : { kind: "departs", departures };
}

/** The standing as a sentence of its own. */
export function standingSentence(standing: SettingsStanding): string {
  const text = standingText(standing);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Said wherever a figure would otherwise be taken for a prediction. */
export const SETTINGS_UNKNOWN = "settings unknown: expect another figure";

/** What the figures of the operating point are called beside those of the deployment: a prediction, or another server's figure. */
export function figureName(context: Pick<BundleContext, "server" | "prefill">): "predicted" | "in the source" {
  return settingsStanding(context).kind === "measured" ? "predicted" : "in the source";
}

/** The standing in one sentence of a header or a note, without the figure itself. */
export function standingText(standing: SettingsStanding): string {
  switch (standing.kind) {
    case "measured":
      return "started as measured";
    case "unknown":
      return SETTINGS_UNKNOWN;
    case "departs":
      return `not started as measured, expect another figure: ${standing.departures.join("; ")}`;
  }
}
