/**
 * Sent with every answer, by the build's configuration and by the server itself. No other site's page may frame these: a click
 * meant for it would retire a run.
 */
export const SECURITY_HEADERS = {
  "X-Frame-Options": "DENY",
  "Content-Security-Policy": "frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};
