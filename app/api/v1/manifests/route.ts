import { database } from "@/db/client";
import { getChoice } from "@/db/queries/get-choice";
import { resolveRevision } from "@/db/queries/resolve-revision";
import { manifestBundle } from "@/lib/manifests/bundle";
import { PLATFORM_IDS } from "@/lib/manifests/platforms/all";
import { parseExplorerQuery, questionOf, rawParams } from "@/lib/search-params";

/** The manifest of a choice as YAML, for `kubectl apply -f '<link>'`: the bytes the page shows and the CLI writes. */
export async function GET(request: Request): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const { query, problems } = parseExplorerQuery(rawParams(params));
  const [problem] = problems;
  if (problem !== undefined) {
    return text(400, `${problem.parameter}=${problem.value}: expected ${problem.expected}`);
  }
  const configurationId = params.get("configuration");
  if (configurationId === null)
    return text(400, "configuration is missing: the id of a configuration, as rank prints it");
  const named = params.get("platform");
  const platform = named === null ? null : (PLATFORM_IDS.find((item) => item === named) ?? undefined);
  if (platform === undefined) return text(400, `platform: expected one of ${PLATFORM_IDS.join(", ")}`);
  const db = database();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) return text(404, `There is no revision ${query.revision}.`);
  const choice = await getChoice(db, revision.id, {
    configurationId,
    workloadId: query.workload,
    question: questionOf(query, query.slos ?? []),
    platform,
  });
  if (choice.kind === "refused") return text(422, choice.reason);
  const bundle = manifestBundle(choice.choice);
  if (bundle.kind === "refused") return text(422, bundle.reason);
  return new Response(bundle.yaml, {
    headers: {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": `inline; filename="${bundle.name}.yaml"`,
      "x-content-type-options": "nosniff",
      "cache-control": query.revision === null ? "no-cache" : "public, max-age=31536000, immutable",
    },
  });
}

/** Errors as a YAML comment: kubectl then says plainly that there is no object, and a person sees why. */
function text(status: number, message: string): Response {
  return new Response(`# ${message.replaceAll(/\s*\n\s*/g, " ")}\n`, {
    status,
    headers: { "content-type": "application/yaml; charset=utf-8", "x-content-type-options": "nosniff" },
  });
}
