import { database } from "@/db/client";
import { getChoice } from "@/db/queries/get-choice";
import { resolveRevision } from "@/db/queries/resolve-revision";
import { parseOptionParams } from "@/lib/manifests/option-params";
import { MANIFEST_OUTPUTS, manifestOutput } from "@/lib/manifests/output";
import { parseExplorerQuery, questionOf, rawParams } from "@/lib/search-params";

/** What one request can be answered with: a tree of files needs a zip around it. */
const OUTPUTS = MANIFEST_OUTPUTS.filter((form) => form !== "kustomize");

/**
 * The manifests of a choice: as YAML for `kubectl apply -f '<link>'`, with `output=zip` as a Kustomize tree with the YAML
 * beside it, with `output=helm-values` and `output=helm-objects` as the two files for llm-d's router chart. The bytes the page
 * shows and the CLI writes.
 */
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
  const options = parseOptionParams(rawParams(params));
  const [optionProblem] = options.problems;
  if (optionProblem !== undefined) {
    return text(400, `${optionProblem.parameter}=${optionProblem.value}: expected ${optionProblem.expected}`);
  }
  const form = params.get("output") ?? "yaml";
  const output = OUTPUTS.find((item) => item === form);
  if (output === undefined) return text(400, `output=${form.slice(0, 200)}: expected one of ${OUTPUTS.join(", ")}`);
  const db = database();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) return text(404, `There is no revision ${query.revision}.`);
  const choice = await getChoice(db, revision.id, {
    configurationId,
    workloadId: query.workload,
    question: questionOf(query, query.slos ?? []),
    options: options.asked,
  });
  if (choice.kind === "refused") return text(422, choice.reason);
  const made = manifestOutput(choice.choice, choice.asked, output);
  if (made.kind === "refused") return text(422, made.reason);
  const headers = {
    "x-content-type-options": "nosniff",
    "cache-control": query.revision === null ? "no-cache" : "public, max-age=31536000, immutable",
  };
  if (made.kind === "zip") {
    return new Response(made.bytes, {
      headers: {
        ...headers,
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${made.name}.zip"`,
      },
    });
  }
  if (made.kind !== "text") throw new Error(`asked for ${output}, made ${made.kind}`);
  return new Response(made.text, {
    headers: {
      ...headers,
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": `inline; filename="${made.file}"`,
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
