import { database } from "@/db/client";
import { getRetireWarning } from "@/db/queries/get-retire-warning";
import { getIngest } from "@/db/queries/list-ingests";
import { INGESTS_PATH, ingestPath } from "@/lib/params/run-params";
import { answerRetire } from "../../../retire";

/** Takes back every run one ingest brought; one that came with the program only when the request is sure. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  const ingest = /^\d{1,15}$/.test(id) ? await getIngest(await database(), Number(id)) : null;
  return answerRetire(request, {
    target: ingest === null ? null : { ingestId: ingest.id },
    name: `ingest ${id.slice(0, 64)}`,
    warning: ingest === null ? null : ((await getRetireWarning(await database(), ingest.id))?.text ?? null),
    back: ingest === null ? INGESTS_PATH : ingestPath(ingest.id),
  });
}
