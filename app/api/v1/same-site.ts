import { authorityOf, publicUrl } from "@/server/public-url";

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
  return isOwnOrigin(origin, request.headers.get("host") ?? "")
    ? null
    : "Writes are accepted from this server's own pages only.";
}

/**
 * True for the address the browser knows this server by: the name it asked for, or the one in `IQ_PUBLIC_URL`, because a proxy
 * may send another `Host` on. `null` (a sandboxed frame, a file) and what is no address are other sites.
 */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const named = new URL(origin);
  if (named.origin === publicUrl()) return true;
  return named.host === authorityOf(named.protocol, host);
}
