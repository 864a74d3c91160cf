/** Sent with every answer, by the build's configuration and by the server itself. */
const EVERYWHERE = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};

/** Path of the page made for frames on other sites' pages. It stores nothing and takes nothing back. */
export const FRAMED_PATH = "/embed";

/** No other site's page may frame the rest: a click meant for it would retire a run. */
export const SECURITY_HEADERS = {
  "X-Frame-Options": "DENY",
  "Content-Security-Policy": "frame-ancestors 'none'",
  ...EVERYWHERE,
};

/** Of the page for frames. It has no forms, and scripts of its own server alone. */
export const FRAMED_HEADERS = {
  "Content-Security-Policy": "frame-ancestors *; form-action 'none'",
  ...EVERYWHERE,
};

/**
 * Headers of an answer.
 * @param {string} pathname of the address, without its query
 */
export function securityHeaders(pathname) {
  return pathname === FRAMED_PATH ? FRAMED_HEADERS : SECURITY_HEADERS;
}
