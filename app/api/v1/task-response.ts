import type { TaskRefusal } from "@/server/worker/task-outcome";

/** A refused task as the API answers it. */
export function taskRefusalResponse({ status, error, retryAfterS }: TaskRefusal): Response {
  const headers: Record<string, string> = retryAfterS === null ? {} : { "retry-after": String(retryAfterS) };
  return Response.json({ error }, { status, headers });
}
