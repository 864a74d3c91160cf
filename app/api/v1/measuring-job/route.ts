import { readingDatabase } from "@/db/client";
import { commentLine } from "@/lib/api/comment-line";
import { parseMeasuringRequest } from "@/lib/api/measuring-request";
import { getMeasuringJob } from "@/server/pages/get-measuring-job";

const HEADERS = {
  "content-type": "application/yaml; charset=utf-8",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
};

/** The Job that measures a model on an accelerator nobody measured it on, for `kubectl apply -f '<link>'`. */
export async function GET(request: Request): Promise<Response> {
  const asked = parseMeasuringRequest(new URL(request.url).searchParams);
  if (!asked.ok) return new Response(commentLine(asked.error), { status: 400, headers: HEADERS });
  const made = await getMeasuringJob(await readingDatabase(), asked.value);
  if (!made.ok) return new Response(commentLine(made.error), { status: 422, headers: HEADERS });
  return new Response(made.value.yaml, {
    headers: { ...HEADERS, "content-disposition": `inline; filename="${made.value.name}.yaml"` },
  });
}
