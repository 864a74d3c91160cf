import { timingSafeEqual } from "node:crypto";
import { isLoopbackName, serverAccess } from "@/lib/api/server-access";
import { crossSiteReason } from "./same-site";

/** Why a write is refused, with the HTTP status to say so. */
export interface WriteRefusal {
  status: 401 | 403;
  error: string;
  /** 401: how to prove oneself, for clients that ask. */
  headers: Readonly<Record<string, string>>;
}

/** The refusal as the API answers it. */
export function refusalResponse({ status, error, headers }: WriteRefusal): Response {
  return Response.json({ error }, { status, headers });
}

/**
 * Whether a request may change the database. Writes from other sites' pages never; on loopback everybody on this machine who
 * names the server by a loopback name; elsewhere only who has the token, and without one set nobody.
 * @returns the refusal, or `null` when the request may write
 */
export function writeRefusal(request: Request): WriteRefusal | null {
  const crossSite = crossSiteReason(request);
  if (crossSite !== null) return { status: 403, error: crossSite, headers: {} };
  const access = serverAccess(process.env);
  if (access.kind === "readOnly") return { status: 403, error: access.reason, headers: {} };
  if (access.kind === "token") {
    if (hasToken(request, access.token)) return null;
    return {
      status: 401,
      error: "This server takes writes with its token only: send Authorization: Bearer TOKEN (IQ_TOKEN).",
      headers: { "www-authenticate": "Bearer" },
    };
  }
  const host = request.headers.get("host") ?? "";
  if (isLoopbackName(host) && !cameFromElsewhere(request) && isOriginHere(request)) return null;
  return {
    status: 403,
    error: `Writes are accepted on loopback names only (localhost, 127.0.0.1), not on "${host}" or through a proxy. Set IQ_TOKEN for others to write.`,
    headers: {},
  };
}

/** True where a proxy on this machine passed on a request from another one; Next itself names the connection's own address. */
function cameFromElsewhere(request: Request): boolean {
  if (["forwarded", "via", "x-real-ip"].some((name) => request.headers.has(name))) return true;
  const addresses = (request.headers.get("x-forwarded-for") ?? "").split(",").map((address) => address.trim());
  return addresses.some((address) => address !== "" && !isLoopbackName(address.replace(/^::ffff:/, "")));
}

/** False where the page that writes has another name than a loopback one: a proxy on this machine passed it on under its own. */
function isOriginHere(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin === null || (URL.canParse(origin) && isLoopbackName(new URL(origin).host));
}

function hasToken(request: Request, token: string): boolean {
  const sent = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const [left, right] = [Buffer.from(sent), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
