import { database } from "@/db/client";
import { getRevision } from "@/db/queries/get-revision";
import { findShare } from "@/db/store/create-share";
import { parseShareRequest } from "@/lib/api/share-request";
import { parseExplorerQuery, serializeWholeQuery } from "@/lib/params/explorer-params";
import { rawParams } from "@/lib/params/param";
import { wholeQuestion } from "@/server/pages/whole-question";
import { absoluteUrl, isOnlyForThisMachine } from "@/server/public-url";
import { runTask } from "@/server/worker/pool";
import { shortBody } from "../request-body";
import { taskRefusalResponse } from "../task-response";
import { refusalResponse, writeRefusal } from "../write-guard";

/** A question is a search string of at most 4,000 characters, which a form may send percent-encoded. */
const MAX_BODY_BYTES = 64 * 1024;

/** Longer than a writer waits for another one. */
const TIME_LIMIT_MS = 150_000;

/** Stores a question with the revision it was asked at; answers the short link. A form post is led there. */
export async function POST(request: Request): Promise<Response> {
  const refused = writeRefusal(request);
  if (refused !== null) return refusalResponse(refused);
  const contentType = request.headers.get("content-type") ?? "";
  const isForm = contentType.includes("form");
  const bytes = await shortBody(request, MAX_BODY_BYTES);
  if (bytes === null)
    return Response.json({ error: `The body is larger than ${MAX_BODY_BYTES} bytes.` }, { status: 413 });
  let raw: unknown;
  try {
    const body = new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } });
    raw = isForm ? Object.fromEntries(await body.formData()) : await body.json();
  } catch {
    return Response.json({ error: "The body is not readable: send JSON with query and revision." }, { status: 400 });
  }
  const parsed = parseShareRequest(raw);
  if (!parsed.ok) return Response.json({ error: parsed.error }, { status: 400 });
  const asked = parsed.value;
  const { query } = parseExplorerQuery(rawParams(new URLSearchParams(asked.query)));
  const db = await database();
  const revision = await getRevision(db, asked.revision);
  if (revision === null) {
    return Response.json({ error: `There is no revision ${asked.revision}.` }, { status: 400 });
  }
  const whole = await wholeQuestion(db, query, revision);
  const link = { query: serializeWholeQuery({ ...whole, revision: null }), revision: asked.revision };
  let slug = await findShare(db, link.query, link.revision);
  if (slug === null) {
    const created = await runTask("createShare", link, {
      what: "Storing the link",
      wayOut: "Another program may be writing; try again.",
      timeLimitMs: TIME_LIMIT_MS,
    });
    if (created.kind === "refused") return taskRefusalResponse(created);
    if (created.kind === "abandoned") return Response.json({ error: "The request was broken off." }, { status: 400 });
    slug = created.output;
  }
  const path = `/s/${slug}`;
  // A relative Location keeps whatever name the browser reached this server by.
  return isForm
    ? new Response(null, { status: 303, headers: { location: path } })
    : Response.json({ slug, path, url: absoluteUrl(path), onlyThisMachine: isOnlyForThisMachine() });
}
