/**
 * Why a write from a browser is refused: another site's page asked for it. Requests without these headers come from
 * programs, not from pages, and pass.
 * @returns the reason, or `null` when the request may write
 */
export function crossSiteReason(request: Request): string | null {
  const fetchSite = request.headers.get("sec-fetch-site");
  if (fetchSite !== null && fetchSite !== "same-origin" && fetchSite !== "none") {
    return "Writes are accepted from this server's own pages only.";
  }
  const origin = request.headers.get("origin");
  if (origin === null) return null;
  // `null` (a sandboxed frame, a file) and what is no address are other sites.
  const sameHost = URL.canParse(origin) && new URL(origin).host === request.headers.get("host");
  return sameHost ? null : "Writes are accepted from this server's own pages only.";
}
