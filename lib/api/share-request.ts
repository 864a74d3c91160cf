import { z } from "zod";
import { ok, type Result, refused } from "../result";

const MAX_QUERY_CHARACTERS = 4000;

const Body = z.object({
  query: z.string().max(MAX_QUERY_CHARACTERS),
  /** A form sends it as text. */
  revision: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.number().int().min(1)),
});

/** A question to make a short link of. */
export type ShareRequest = z.infer<typeof Body>;

const EXPECTED = {
  query: `a search string of at most ${MAX_QUERY_CHARACTERS} characters, without the question mark`,
  revision: "the number of a dataset revision, 1 or more",
};

/**
 * Reads the body of a request for a share link.
 * @param body JSON or the fields of a form, as they came
 * @returns the request, or what was expected instead
 */
export function parseShareRequest(body: unknown): Result<ShareRequest> {
  const parsed = Body.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const field = parsed.error.issues[0]?.path[0];
  return field === "query" || field === "revision"
    ? refused(`${field}: expected ${EXPECTED[field]}.`)
    : refused("The body is no object: send JSON with query and revision.");
}
