import { database } from "@/db/client";
import { createShare } from "@/db/queries/create-share";
import { getRevision } from "@/db/queries/get-revision";
import { parseShareRequest } from "@/lib/api/share-request";
import { parseExplorerQuery, rawParams, serializeExplorerQuery } from "@/lib/search-params";
import { refusalResponse, writeRefusal } from "../write-guard";

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
  const asked = parseShareRequest(raw);
  if ("expected" in asked) return Response.json({ error: asked.expected }, { status: 400 });
  const { query } = parseExplorerQuery(rawParams(new URLSearchParams(asked.query)));
  const db = database();
  if ((await getRevision(db, asked.revision)) === null) {
    return Response.json({ error: `There is no revision ${asked.revision}.` }, { status: 400 });
  }
  const slug = await createShare(db, serializeExplorerQuery({ ...query, revision: null }), asked.revision);
  const path = `/s/${slug}`;
  // A relative Location keeps whatever name the browser reached this server by.
  return isForm ? new Response(null, { status: 303, headers: { location: path } }) : Response.json({ slug, path });
}
