/** Licences by their SPDX identifier: what a source usually states. */
const SPDX_IDS = new Set([
  "0BSD",
  "AGPL-3.0-only",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC-BY-SA-4.0",
  "CC0-1.0",
  "GPL-2.0-only",
  "GPL-3.0-only",
  "GPL-3.0-or-later",
  "ISC",
  "LGPL-3.0-only",
  "MIT",
  "MPL-2.0",
  "ODbL-1.0",
  "Unlicense",
]);

/** The text of a licence a source states by its SPDX identifier; `null` where it says something else. */
export function licenceUrl(licence: string | null): string | null {
  return licence !== null && SPDX_IDS.has(licence) ? `https://spdx.org/licenses/${licence}.html` : null;
}

/** An address that may stand in a link: http or https, nothing else. */
export function safeUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
