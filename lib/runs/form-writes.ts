import type { ServerAccess } from "../api/server-access";

/** Whether a page may offer a form that changes the data; where not, why not and what to do instead. */
export type FormWrites = { allowed: true } | { allowed: false; why: string };

/** A form cannot carry a token: it is offered only where everybody on this machine may write. */
export function formWrites(access: ServerAccess): FormWrites {
  switch (access.kind) {
    case "loopback":
      return { allowed: true };
    case "token":
      return {
        allowed: false,
        why: "This server takes changes with its token only, from the command line or as a POST with Authorization: Bearer.",
      };
    case "readOnly":
      return { allowed: false, why: access.reason };
  }
}
