import { MS_PER_SECOND } from "./units";

/**
 * Numbers as a person reads them: three significant figures, one place for the whole product.
 * Exports and JSON never go through here: they keep full precision.
 */

const significant = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", minimumFractionDigits: 2 });

/** Three significant figures below 1,000, whole numbers with thousands separators above. */
export function formatNumber(value: number): string {
  return Math.abs(value) >= 1000 ? grouped.format(value) : significant.format(value);
}

/** Milliseconds without their unit: `22.5`, `1,240`. */
export function formatMs(valueMs: number): string {
  return formatNumber(valueMs);
}

/** Milliseconds with their unit, seconds from 1,000 ms: `410 ms`, `2 s`, `1.24 s`. */
export function formatLatency(valueMs: number): string {
  return valueMs >= MS_PER_SECOND ? `${significant.format(valueMs / MS_PER_SECOND)} s` : `${formatNumber(valueMs)} ms`;
}

/** Digits of a limit: enough for any a person types, few enough to hide float noise. */
const exact = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6, useGrouping: false });

/** A limit as it was set, with its unit, seconds from 1,000 ms: `450 ms`, `1.234 s`. A rounded limit would be another one. */
export function formatExactLatency(valueMs: number): string {
  return valueMs >= MS_PER_SECOND ? `${exact.format(valueMs / MS_PER_SECOND)} s` : `${exact.format(valueMs)} ms`;
}

/** US dollars: two decimals, more where the amount is below ten cents. */
export function formatUsd(usd: number): string {
  if (usd !== 0 && Math.abs(usd) < 0.1) return `$${significant.format(usd)}`;
  return Math.abs(usd) >= 1000 ? `$${grouped.format(usd)}` : money.format(usd);
}

/** A share of one as percent: `0.07` → `7%`. */
export function formatPercent(share: number): string {
  return `${significant.format(share * 100)}%`;
}

/** A count: `8,394`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A count with its noun, in the plural unless it is one: `1 replica`, `4 replicas`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A size: `812 bytes`, `14.2 KiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return plural(bytes, "byte");
  const units = ["KiB", "MiB", "GiB"];
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1024 ** power)} ${units[power - 1]}`;
}

/** An ISO date-time to the minute: `2026-09-01 12:00 UTC`. */
export function formatInstant(iso: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
