import type { ServerAccess } from "../api/server-access";

/**
 * Why a page may not offer a form that changes the data, with what to do instead; `null` where it may. A form cannot carry a
 * token, so it is offered only where everybody on this machine may write.
 */
export function formRefusal(access: ServerAccess): string | null {
  switch (access.kind) {
    case "loopback":
      return null;
    case "token":
      return "This server takes changes with its token only, from the command line or as a POST with Authorization: Bearer.";
    case "readOnly":
      return access.reason;
  }
}
