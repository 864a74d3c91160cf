import { isLoopbackName } from "../lib/api/server-access";

/**
 * Address under which others reach this server (`IQ_PUBLIC_URL`, without trailing slash), for links inside manifests and shares.
 * `""` when not set: links are then paths on whichever server has the data, and the same on page and command line.
 * @throws when the variable is no plain http(s) address: a name and a password in it would stand in every manifest, and below a
 * path no page, script or style of this server is found
 */
export function publicUrl(): string {
  const named = process.env.IQ_PUBLIC_URL ?? "";
  if (named === "") return "";
  if (!/^https?:\/\//.test(named) || !URL.canParse(named)) {
    throw new Error(`IQ_PUBLIC_URL is "${named}": expected an address such as https://quickstart.example.org.`);
  }
  const { username, password, origin, pathname, search, hash } = new URL(named);
  if (`${username}${password}${search}${hash}` !== "") {
    throw new Error(
      `IQ_PUBLIC_URL holds a name, a password or parameters, which every manifest would show: expected an address alone, such as ${origin}.`,
    );
  }
  if (/[^/]/.test(pathname)) {
    throw new Error(
      `IQ_PUBLIC_URL has the path "${pathname}": this server's pages, scripts and styles are at the root of its name, so links below a path would lead nowhere. Expected a name of its own, such as ${origin} or https://quickstart.example.org.`,
    );
  }
  return origin;
}

/** Address others open a path of this server by; `null` where it does not know how it is reached. */
export function absoluteUrl(path: string): string | null {
  const address = publicUrl();
  return address === "" ? null : `${address}${path}`;
}

/**
 * True where only this machine reaches the server, as far as it knows: it listens on loopback and nobody named an address of
 * others (`HOST`, `IQ_PUBLIC_URL`). A proxy on this machine may still pass requests on.
 */
export function isOnlyForThisMachine(): boolean {
  const host = process.env.HOST ?? "";
  const named = publicUrl();
  const listens = host === "" || isLoopbackName(host);
  return named === "" ? listens : isLoopbackName(new URL(named).host);
}

/**
 * True where a request's `Host` is the name in `IQ_PUBLIC_URL`. Proxies send the port of the scheme along or leave it out.
 * @param host as the request says it
 */
export function isPublicHost(host: string): boolean {
  const address = publicUrl();
  if (address === "") return false;
  const { protocol, host: known } = new URL(address);
  return authorityOf(protocol, host) === known;
}

/** A `Host` as addresses of that scheme have it: lower case, the scheme's own port left out; `null` where it is none. */
export function authorityOf(protocol: string, host: string): string | null {
  const address = `${protocol}//${host}`;
  return host !== "" && /^[^\s/?#@\\]+$/.test(host) && URL.canParse(address) ? new URL(address).host : null;
}
