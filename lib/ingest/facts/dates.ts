import { isIsoDate } from "./canonical";

/** `20260427-170958`, `20260427_170958` (local time, no zone). */
const COMPACT = /^(\d{4})(\d{2})(\d{2})[-_T ]?([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/;

/** ISO 8601 with a blank for the `T`, or an offset without its colon, as Python writes it. */
const NEARLY_ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The date of a measurement as tools write it, as an ISO date or date-time: `20260427-170958` → `2026-04-27T17:09:58`,
 * `2026-04-27 17:09:58+0200` → `2026-04-27T17:09:58+02:00`; `null` for anything else, and for days that do not exist. A time
 * without a zone stays without one.
 */
export function dateInText(text: string | null): string | null {
  const trimmed = text?.trim() ?? "";
  const compact = COMPACT.exec(trimmed);
  if (compact !== null) {
    const [, year, month, day, hour, minute, second] = compact;
    return checked(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  }
  const iso = NEARLY_ISO.exec(trimmed);
  if (iso === null) return null;
  const [, day = "", time, zone = ""] = iso;
  if (time === undefined) return checked(day);
  const offset = /^utc$/i.test(zone) ? "Z" : zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  return checked(`${day}T${time.replace(",", ".")}${offset}`);
}

function checked(text: string): string | null {
  return isIsoDate(text) ? text : null;
}
