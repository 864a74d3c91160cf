import { formatUsd } from "./format";

/** The currency amounts are shown in. Everything is reckoned in US dollars. */
export interface Currency {
  /** ISO 4217, e.g. `EUR`. */
  code: string;
  /** Units of it for one US dollar, as the reader says. */
  perUsd: number;
}

export const US_DOLLAR: Currency = { code: "USD", perUsd: 1 };

const CODE = /^[A-Z]{3}$/;
const MAX_PER_USD = 1e6;

/** Reads `EUR:0.92`; `null` where it makes no sense. */
export function parseCurrency(text: string): Currency | null {
  const [code = "", rate = "", ...rest] = text.trim().toUpperCase().split(":");
  const perUsd = Number(rate);
  if (rest.length > 0 || !CODE.test(code) || rate === "") return null;
  return Number.isFinite(perUsd) && perUsd > 0 && perUsd <= MAX_PER_USD ? { code, perUsd } : null;
}

/** The inverse of {@link parseCurrency}. */
export function formatCurrency({ code, perUsd }: Currency): string {
  return `${code}:${perUsd}`;
}

/** An amount in US dollars as it is shown: `$0.61`, `€0.561`, `CHF 7,139`. */
export function formatMoney(usd: number, { code, perUsd }: Currency): string {
  if (code === "USD" && perUsd === 1) return formatUsd(usd);
  const amount = usd * perUsd;
  const size = Math.abs(amount);
  const digits = size >= 1000 ? { maximumFractionDigits: 0 } : size < 0.1 ? { maximumSignificantDigits: 3 } : {};
  return new Intl.NumberFormat("en-US", { style: "currency", currency: code, ...digits }).format(amount);
}
