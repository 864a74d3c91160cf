import { readingDatabase } from "@/db/client";
import { commentLine } from "@/lib/api/comment-line";
import { parseManifestRequest } from "@/lib/api/manifest-request";
import { manifestOutput } from "@/lib/manifests/write/manifest-output";
import { questionOf } from "@/lib/params/explorer-params";
import { getChoice } from "@/server/pages/get-choice";
import { resolveRevision } from "@/server/pages/resolve-revision";

/**
 * The manifests of a choice: as YAML for `kubectl apply -f '<link>'`, with `output=zip` as a Kustomize tree with the YAML
 * beside it, with `output=helm-values` and `output=helm-objects` as the two files for llm-d's router chart, with further values
 * for controllers of others, Git, machines and one machine alone. The bytes the page shows and the CLI writes.
 */
export async function GET(request: Request): Promise<Response> {
  const read = parseManifestRequest(new URL(request.url).searchParams);
  if (!read.ok) return text(400, read.error);
  const { configurationId, query, asked, output, git } = read.value;
  const db = await readingDatabase();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) return text(404, `There is no revision ${query.revision}.`);
  const choice = await getChoice(db, revision.id, {
    configurationId,
    workloadId: query.workload,
    question: questionOf(query, query.slos ?? []),
    options: asked,
  });
  if (!choice.ok) return text(422, choice.error);
  const made = manifestOutput(choice.value.choice, choice.value.asked, output, git);
  if (!made.ok) return text(422, made.error);
  const headers = {
    "x-content-type-options": "nosniff",
    "cache-control": query.revision === null ? "no-cache" : "public, max-age=31536000, immutable",
  };
  if (made.value.kind === "zip") {
    return new Response(made.value.bytes, {
      headers: {
        ...headers,
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${made.value.name}.zip"`,
      },
    });
  }
  if (made.value.kind !== "text") throw new Error(`asked for ${output}, made ${made.value.kind}`);
  return new Response(made.value.text, {
    headers: {
      ...headers,
      "content-type": made.value.file.endsWith(".yaml")
        ? "application/yaml; charset=utf-8"
        : "text/plain; charset=utf-8",
      "content-disposition": `inline; filename="${made.value.file}"`,
    },
  });
}

/** Errors as a YAML comment: kubectl then says plainly that there is no object, and a person sees why. */
function text(status: number, message: string): Response {
  return new Response(commentLine(message), {
    status,
    headers: { "content-type": "application/yaml; charset=utf-8", "x-content-type-options": "nosniff" },
  });
}
