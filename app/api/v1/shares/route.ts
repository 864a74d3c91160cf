import { z } from "zod";
import { database } from "@/db/client";
import { createShare } from "@/db/queries/create-share";
import { getRevision } from "@/db/queries/get-revision";
import { parseExplorerQuery, rawParams, serializeExplorerQuery } from "@/lib/search-params";
import { refusalResponse, writeRefusal } from "../write-guard";

const Body = z.object({ query: z.string().max(4000), revision: z.coerce.number().int().min(1) });

/** Stores a question with the revision it was asked at; answers the short link's path. A form post is led there. */
export async function POST(request: Request): Promise<Response> {
  const refused = writeRefusal(request);
  if (refused !== null) return refusalResponse(refused);
  const isForm = (request.headers.get("content-type") ?? "").includes("form");
  let raw: unknown;
  try {
    raw = isForm ? Object.fromEntries(await request.formData()) : await request.json();
  } catch {
    return Response.json({ error: "The body is not readable: send JSON with query and revision." }, { status: 400 });
  }
  const body = Body.safeParse(raw);
  if (!body.success) return Response.json({ error: z.prettifyError(body.error) }, { status: 400 });
  const { query } = parseExplorerQuery(rawParams(new URLSearchParams(body.data.query)));
  const db = database();
  if ((await getRevision(db, body.data.revision)) === null) {
    return Response.json({ error: `There is no revision ${body.data.revision}.` }, { status: 400 });
  }
  const slug = await createShare(db, serializeExplorerQuery({ ...query, revision: null }), body.data.revision);
  const path = `/s/${slug}`;
  // A relative Location keeps whatever name the browser reached this server by.
  return isForm ? new Response(null, { status: 303, headers: { location: path } }) : Response.json({ slug, path });
}
