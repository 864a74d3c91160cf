/** Who may write to this server. */
export type ServerAccess =
  /** Everybody on this machine. */
  | { kind: "loopback" }
  /** Who has the token. */
  | { kind: "token"; token: string }
  | { kind: "readOnly"; reason: string };

/** The address `npm start` listens on by default. */
export const LOOPBACK_HOST = "127.0.0.1";

/** Shorter tokens are guessed. */
const MIN_TOKEN_LENGTH = 16;

/**
 * Who may write, from `HOST` (the address listened on; loopback when not set) and `IQ_TOKEN`. A server that others can reach
 * and that has no token, or one too short to be any protection, is read-only.
 */
export function serverAccess(environment: Readonly<Record<string, string | undefined>>): ServerAccess {
  const token = environment.IQ_TOKEN ?? "";
  const host = environment.HOST ?? "";
  if (token.length >= MIN_TOKEN_LENGTH) return { kind: "token", token };
  if (token !== "") {
    return {
      kind: "readOnly",
      reason: `This server is read-only: its IQ_TOKEN has fewer than ${MIN_TOKEN_LENGTH} characters.`,
    };
  }
  if (host === "" || isLoopbackName(host)) return { kind: "loopback" };
  return {
    kind: "readOnly",
    reason:
      "This server is read-only: it can be reached from elsewhere (HOST) and has no IQ_TOKEN that writes could prove themselves with.",
  };
}

/** True for `localhost`, `127.0.0.1`, `[::1]` and the like, with or without a port. */
export function isLoopbackName(host: string): boolean {
  const text = host.trim().toLowerCase();
  // An address with several colons and no brackets has no port at its end.
  const name = /^[^[]*:.*:/.test(text) ? text : text.replace(/:\d{1,5}$/, "");
  return /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/.test(name);
}
