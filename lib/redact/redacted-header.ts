/** Longest list of names in a header. */
const MAX_HEADER_CHARACTERS = 500;

/**
 * Names of what was blanked as a header can hold them; `none` for none. A report's keys may be called anything: what is no
 * printable ASCII, and `%` itself, is percent-encoded (UTF-8), so that nothing throws and no line is broken. Never throws.
 */
export function redactedHeader(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const utf8 = new TextEncoder().encode(names.join(", ").slice(0, MAX_HEADER_CHARACTERS).trim());
  return [...utf8].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : percentEncoded(byte))).join("");
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== PERCENT;
}

const PERCENT = 0x25;

function percentEncoded(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
